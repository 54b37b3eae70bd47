import { readdirSync, readFileSync } from 'node:fs'
import type { Ask } from '#src/decision-point.ts'
import type { Block, CareDecision, CaseFacts, PatientFacts, RoleKind } from '#src/facts.ts'
import type { AskedLetter, Circumstance, Letter, Question } from '#src/question.ts'
import world from './corpus/world.json' with { type: 'json' }

type Given = {
  readonly template: string
  readonly id?: string
  readonly purpose?: string
  readonly minutes?: number | null
  readonly startsIn?: number
  readonly elements?: readonly string[]
  readonly items?: readonly string[]
  readonly patient?: string
}

/** One row: who, in which role, with which app, about which patient and why, with which facts, asks what, and is told what. */
export type CorpusCase = {
  readonly id: string
  readonly who: string
  /** What differs from the person of that name. */
  readonly person?: {
    readonly employed?: boolean
    readonly licence?: boolean | null
    readonly profession?: string
    readonly role?: null
    readonly unknown?: true
  }
  readonly facts?: {
    readonly team?: boolean
    /** Units with the patient in care; `own` is the person's unit. */
    readonly units?: readonly string[]
    readonly decisions?: readonly Given[]
    readonly blocks?: readonly { readonly kind: Block['kind']; readonly target: string }[]
    readonly self?: boolean
    /** False: the host knows no such patient. */
    readonly known?: false
  }
  /** Facts of another patient, by id. */
  readonly others?: Readonly<Record<string, CorpusCase['facts']>>
  readonly circumstance?: Partial<Circumstance>
  readonly ask: {
    readonly action: string
    readonly type?: string
    readonly id?: string | null
    readonly patient?: string | null
    readonly labels?: readonly string[]
    readonly units?: readonly string[]
    readonly level?: 'patient' | 'user' | 'system'
    readonly letter?: Letter
    readonly categories?: readonly string[]
    readonly other?: string
    readonly registered?: boolean
    readonly template?: string
    readonly reasonChars?: number
    readonly confirmed?: boolean
    readonly items?: readonly string[]
  }
  readonly expect: {
    readonly effect: 'permit' | 'deny'
    readonly reason: string
    readonly rules: readonly string[]
    readonly obligations: readonly string[]
    readonly requestable: string | null
    readonly until: string | null
  }
}

const FOLDER = new URL('./corpus/', import.meta.url)

export const corpus: readonly CorpusCase[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json') && name !== 'world.json')
  .sort()
  .flatMap((name) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as CorpusCase[]) // ours, and used as typed below

export const CORPUS_TIME = new Date(world.at)
export const PATIENT = 'pas1'

type Named = {
  readonly user: string
  readonly role: string
  readonly kind: string
  readonly profession: string | null
  readonly acute: boolean
  readonly units: readonly string[]
  readonly department: string
}
const people = new Map<string, Named>(Object.entries(world.people))
const labels = new Map<string, string>(Object.entries(world.labels))
const decisions = new Map<string, Omit<Given, 'template'> & { readonly family: string }>(
  Object.entries(world.decisions),
)

/** The case as the decision point is asked it, and the facts it finds. */
export function toAsk(row: CorpusCase): { readonly ask: Ask; readonly facts: CaseFacts } {
  const named = people.get(row.who)
  const kind = row.who === 'citizen' || row.who === 'client' ? row.who : 'clinician'
  const subject = {
    kind,
    id: named?.user ?? (kind === 'client' ? 'vaktmester' : 'inn1'),
    role: named?.role ?? null,
  } as const
  const question = questionOf(row)
  const circumstance: Circumstance = {
    tenant: '993467049',
    clientId: 'nutrition',
    zone: 'internal',
    mayWrite: true,
    senderConstrained: true,
    launchBound: kind !== 'client',
    launchPatient: kind === 'client' ? null : PATIENT,
    grants: row.ask.type === undefined ? [] : [`${row.ask.type}.${LETTER[row.ask.action] ?? 'r'}`],
    acr: 4,
    purpose: kind === 'clinician' ? (PURPOSE[row.ask.action] ?? 'TREAT') : null,
    decision: null,
    correlationId: 'a'.repeat(32),
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    ...row.circumstance,
  }
  return { ask: { subject, circumstance, question }, facts: factsOf(row, named, kind) }
}

const LETTER: Readonly<Record<string, Letter>> = { create: 'c', read: 'r', update: 'u', delete: 'd', search: 's' }
const PURPOSE: Readonly<Record<string, string>> = { breakGlass: 'BTG' }

function questionOf({ ask }: CorpusCase): Question {
  const { reasonChars = 40, confirmed = true } = ask
  switch (ask.action) {
    case 'grantScope':
      return { action: 'grantScope', scope: letterOf(ask) }
    case 'launch':
      return { action: 'launch', app: 'nutrition' }
    case 'selfAuthorize':
      return { action: 'selfAuthorize', template: ask.template ?? '', reasonChars, confirmed }
    case 'breakGlass':
      return { action: 'breakGlass', items: ask.items ?? ['DocumentReference/dok1'], reasonChars, confirmed }
    default:
      return {
        action: ask.action as 'read', // the corpus is ours: one of the five
        resource: {
          type: ask.type ?? '',
          id:
            ask.id === undefined
              ? ask.type === 'Patient'
                ? PATIENT
                : ask.action === 'create'
                  ? null
                  : 'dok1'
              : ask.id,
          patient: ask.patient === undefined ? PATIENT : ask.patient,
          labels: (ask.labels ?? []).map((label) => labels.get(label) ?? label),
          units: ask.units ?? ['lok101'],
          authors: [],
        },
      }
  }
}

function letterOf(ask: CorpusCase['ask']): AskedLetter {
  const { registered = true } = ask
  if (ask.other !== undefined) return { other: ask.other, registered }
  const { level = 'patient', type = '', letter = 'r', categories = [] } = ask
  return { level, type, letter, categories, registered }
}

function factsOf(row: CorpusCase, named: Named | undefined, kind: string): CaseFacts {
  const { person = {} } = row
  const licence =
    person.licence === null || named?.profession === null
      ? null
      : { active: person.licence ?? true, profession: person.profession ?? named?.profession ?? '' }
  const role =
    named && person.role !== null
      ? {
          id: named.role,
          kind: named.kind as RoleKind,
          acute: named.acute,
          unit: named.units[0] ?? '',
          units: named.units,
          department: named.department,
          organization: 'aks101',
        } // the world is ours
      : null
  const known = kind !== 'client' && person.unknown !== true
  const patients = [[PATIENT, row.facts] as const, ...Object.entries(row.others ?? {})]
  return {
    at: CORPUS_TIME,
    person: known
      ? {
          user: named?.user ?? 'inn1',
          kind: kind === 'citizen' ? 'citizen' : 'clinician',
          employed: person.employed ?? kind === 'clinician',
          licence: kind === 'citizen' ? null : licence,
          role,
        }
      : null,
    patients: new Map(
      patients
        .filter(([, facts]) => facts?.known !== false)
        .map(([id, facts]) => [id, patientOf(id, facts, named?.units ?? [])]),
    ),
  }
}

const patientOf = (patient: string, facts: CorpusCase['facts'], own: readonly string[]): PatientFacts => ({
  patient,
  epoch: '1',
  inCareTeam: facts?.team ?? false,
  contactUnits: (facts?.units ?? []).flatMap((unit) => (unit === 'own' ? own : [unit])),
  decisions: (facts?.decisions ?? []).map((given) => decisionOf(patient, given)),
  blocks: (facts?.blocks ?? []).map((block, index) => ({ id: `sperre${index}`, ...block })),
  self: facts?.self ?? false,
})

function decisionOf(patient: string, given: Given): CareDecision {
  const base = decisions.get(given.template)
  const minutes = given.minutes === undefined ? base?.minutes : given.minutes
  const starts = CORPUS_TIME.getTime() + (given.startsIn ?? -30) * 60_000
  const ends = minutes === null || minutes === undefined ? null : new Date(CORPUS_TIME.getTime() + minutes * 60_000)
  const explicit = base?.family === 'explicit'
  return {
    id: given.id ?? `besl-${given.template}`,
    template: given.template,
    family: explicit ? 'explicit' : 'implicit',
    patient: given.patient ?? patient,
    purpose: given.purpose ?? base?.purpose ?? 'TREAT',
    validFrom: new Date(ends !== null && ends.getTime() <= starts ? ends.getTime() - 60_000 : starts),
    validUntil: ends,
    elements: given.elements ?? base?.elements ?? ['*'],
    items: given.items ?? base?.items ?? [],
    userSelected: explicit,
    selfSelected: explicit,
  }
}
