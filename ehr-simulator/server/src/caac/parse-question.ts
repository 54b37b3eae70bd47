import { ACTIONS, KINDS, LEVELS, MOST_QUESTIONS, ours, SEMANTICS_WORDS, ZONES } from '@uthopp/policy/caac-words'
import type { Ask, Semantics } from '@uthopp/policy/decision-point'
import {
  type AskedLetter,
  type AskedResource,
  type Circumstance,
  LETTERS,
  type Question,
  type Subject,
} from '@uthopp/policy/question'
import {
  anything,
  choice,
  flag,
  integer,
  list,
  type MemberReader,
  nullable,
  readMembers,
  text,
} from '@uthopp/server-kit/members'
import type { Trace } from '@uthopp/server-kit/trace'
import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'

/** Our word for one of the host's; any other word is a problem. */
const word =
  <const W extends Readonly<Record<string, string>>>(words: W): MemberReader<keyof W> =>
  (value, name) =>
    ours(words, value) ?? problem(name, `\`${name}\` must be one of ${Object.values(words).join(', ')}`)

const texts = list(text, 500)

const SUBJECT = { required: { type: word(KINDS), id: text, rolle: nullable(text) } }
const CIRCUMSTANCE = {
  required: {
    foretak: text,
    app: text,
    sone: word(ZONES),
    kan_skrive: flag,
    avsenderbundet: flag,
    bundet_til_oppstart: flag,
    oppstartspasient: nullable(text),
    rettigheter: texts,
    sikkerhetsniva: integer,
    formal: nullable(text),
    beslutning: nullable(text),
  },
}
const RESOURCE = {
  required: {
    type: text,
    id: nullable(text),
    pasient: nullable(text),
    merker: texts,
    enheter: texts,
    forfattere: texts,
  },
}
const LETTER = {
  required: { niva: word(LEVELS), type: text, bokstav: choice(LETTERS), kategorier: texts, registrert: flag },
}
const OTHER = { required: { annet: text, registrert: flag } }
const TOP = {
  required: { bruker: anything, omstendigheter: anything, handling: word(ACTIONS) },
  optional: {
    opplysning: anything,
    rettighet: anything,
    oppstart: text,
    grunnlag: text,
    opplysninger: texts,
    begrunnelsestegn: integer,
    bekreftet: flag,
  },
}

function parseSubject(json: unknown): Subject | Problem {
  const read = readMembers(json, SUBJECT)
  return isProblem(read) ? read : { kind: read.type, id: read.id, role: read.rolle }
}

function parseCircumstance(json: unknown, trace: Trace): Circumstance | Problem {
  const read = readMembers(json, CIRCUMSTANCE)
  if (isProblem(read)) return read
  return {
    tenant: read.foretak,
    clientId: read.app,
    zone: read.sone,
    mayWrite: read.kan_skrive,
    senderConstrained: read.avsenderbundet,
    launchBound: read.bundet_til_oppstart,
    launchPatient: read.oppstartspasient,
    grants: read.rettigheter,
    acr: read.sikkerhetsniva,
    purpose: read.formal,
    decision: read.beslutning,
    // Whose request it is, the headers say: nobody names another's in a body.
    correlationId: trace.traceId,
    traceparent: trace.traceparent,
  }
}

function parseResource(json: unknown): AskedResource | Problem {
  const read = readMembers(json, RESOURCE)
  if (isProblem(read)) return read
  const { type, id, pasient: patient, merker: labels, enheter: units, forfattere: authors } = read
  return { type, id, patient, labels, units, authors }
}

function parseLetter(json: unknown): AskedLetter | Problem {
  if (typeof json === 'object' && json !== null && 'annet' in json) {
    const other = readMembers(json, OTHER)
    return isProblem(other) ? other : { other: other.annet, registered: other.registrert }
  }
  const read = readMembers(json, LETTER)
  if (isProblem(read)) return read
  const { niva: level, type, bokstav: letter, kategorier: categories, registrert: registered } = read
  return { level, type, letter, categories, registered }
}

type Top = Exclude<ReturnType<typeof readTop>, Problem>
const readTop = (json: unknown) => readMembers(json, TOP)
const missing = (name: string): Problem => problem(name, `member \`${name}\` is missing`)

function parseSubjectMatter(top: Top): Question | Problem {
  const { handling: action, begrunnelsestegn: reasonChars = 0, bekreftet: confirmed = false } = top
  switch (action) {
    case 'grantScope': {
      const scope = parseLetter(top.rettighet?.json)
      return isProblem(scope) ? scope : { action, scope }
    }
    case 'launch':
      return top.oppstart === undefined ? missing('oppstart') : { action, app: top.oppstart }
    case 'selfAuthorize':
      return top.grunnlag === undefined
        ? missing('grunnlag')
        : { action, template: top.grunnlag, reasonChars, confirmed }
    case 'breakGlass':
      return top.opplysninger === undefined
        ? missing('opplysninger')
        : { action, items: top.opplysninger, reasonChars, confirmed }
    default: {
      const resource = parseResource(top.opplysning?.json)
      return isProblem(resource) ? resource : { action, resource }
    }
  }
}

function parseQuestion(json: unknown, trace: Trace): Ask | Problem {
  const top = readTop(json)
  if (isProblem(top)) return top
  const subject = parseSubject(top.bruker.json)
  if (isProblem(subject)) return subject
  const circumstance = parseCircumstance(top.omstendigheter.json, trace)
  if (isProblem(circumstance)) return circumstance
  const question = parseSubjectMatter(top)
  return isProblem(question) ? question : { subject, circumstance, question }
}

const BODY = {
  required: { sporsmal: list(anything, MOST_QUESTIONS) },
  optional: { fremgang: word(SEMANTICS_WORDS) },
}

/** Reads what is asked of the host's own access control; one question that makes no sense spoils them all. */
export function parseQuestions(
  json: unknown,
  trace: Trace,
): { readonly asks: readonly Ask[]; readonly semantics: Semantics } | Problem {
  const read = readMembers(json, BODY)
  if (isProblem(read)) return read
  const asks: Ask[] = []
  for (const [index, { json: each }] of read.sporsmal.entries()) {
    const ask = parseQuestion(each, trace)
    if (isProblem(ask)) return problem(`sporsmal[${index}]`, `sporsmal[${index}]: ${ask.reason}`)
    asks.push(ask)
  }
  return { asks, semantics: read.fremgang ?? 'execute_all' }
}
