import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'
import type { Ask } from '#src/decision-point.ts'
import {
  choice,
  filled,
  flag,
  integer,
  isObject,
  list,
  nullable,
  object,
  optional,
  type Reader,
  text,
} from '#src/json-reading.ts'
import { type Circumstance, DATA_ACTIONS, LETTERS, type Question, type Subject } from '#src/question.ts'

const tolerant = <T extends Readonly<Record<string, Reader<unknown>>>>(readers: T) => object(readers, false)
const texts = list(text, 1000)

// AuthZEN 1.0 §5: type, id and name are texts and required; members nobody knows are ignored.
const EVALUATION = tolerant({
  subject: tolerant({
    type: choice(['clinician', 'citizen', 'client']),
    id: filled,
    properties: optional(tolerant({ role: optional(nullable(filled), null) }), { role: null }),
  }),
  action: tolerant({ name: filled }),
  resource: tolerant({ type: filled, id: filled, properties: optional(anything, {}) }),
  context: tolerant({
    tenant: filled,
    client_id: text,
    zone: choice(['internal', 'external']),
    may_write: flag,
    sender_constrained: flag,
    launch_bound: flag,
    launch_patient: optional(nullable(filled), null),
    grants: texts,
    acr: integer,
    purpose: optional(nullable(filled), null),
    decision: optional(nullable(filled), null),
    correlation_id: optional(text, ''),
    traceparent: optional(text, ''),
  }),
})

function anything(value: unknown): unknown {
  return value
}

/** Reads one evaluation request, `{subject, action, resource, context}`; the problem names the member. */
export function parseEvaluation(body: unknown): Ask | Problem {
  const read = EVALUATION(body, '')
  if (isProblem(read)) return read
  const { subject, action, resource, context } = read
  const circumstance: Circumstance = {
    tenant: context.tenant,
    clientId: context.client_id,
    zone: context.zone,
    mayWrite: context.may_write,
    senderConstrained: context.sender_constrained,
    launchBound: context.launch_bound,
    launchPatient: context.launch_patient,
    grants: context.grants,
    acr: context.acr,
    purpose: context.purpose,
    decision: context.decision,
    correlationId: context.correlation_id,
    traceparent: context.traceparent,
  }
  const question = parseQuestion(action.name, resource.type, resource.id, resource.properties, circumstance)
  if (isProblem(question)) return question
  const who: Subject = { kind: subject.type, id: subject.id, role: subject.properties.role }
  return { subject: who, circumstance, question }
}

const ITEM = tolerant({ patient: optional(nullable(filled), null), labels: texts, units: texts, authors: texts })
const LETTER = tolerant({
  level: choice(['patient', 'user', 'system']),
  type: filled,
  letter: choice(LETTERS),
  categories: texts,
  registered: flag,
})
const OTHER = tolerant({ registered: flag })
const ASKING = { reason_chars: integer, confirmed: flag }
const SELF = tolerant({ ...ASKING, template: filled })
const GLASS = tolerant({ ...ASKING, items: list(filled, 100) })

function parseQuestion(
  action: string,
  type: string,
  id: string,
  properties: unknown,
  { launchPatient }: Circumstance,
): Question | Problem {
  const at = 'resource.properties'
  const data = DATA_ACTIONS.find((each) => each === action)
  if (data !== undefined) {
    const [kind = '', item, more] = type === 'fhir' ? id.split('/') : [id]
    if (type !== 'fhir' && type !== 'fhir-type')
      return problem('resource.type', '`resource.type` must be fhir or fhir-type')
    if (
      kind === '' ||
      kind.includes('/') ||
      (type === 'fhir') !== (item !== undefined && item !== '') ||
      more !== undefined
    )
      return problem('resource.id', '`resource.id` must be Type/id for fhir and Type for fhir-type')
    const read = ITEM(properties, at)
    return isProblem(read) ? read : { action: data, resource: { type: kind, id: item ?? null, ...read } }
  }
  const expected = RESOURCE.get(action)
  if (expected === undefined) return problem('action.name', '`action.name` is not one of ours')
  if (expected !== type) return problem('resource.type', `\`resource.type\` must be ${expected}`)
  if (action === 'launch') return { action, app: id }
  if (action === 'grantScope') {
    if (isObject(properties) && 'letter' in properties) {
      const letter = LETTER(properties, at)
      return isProblem(letter) ? letter : { action, scope: letter }
    }
    const other = OTHER(properties, at)
    return isProblem(other) ? other : { action, scope: { other: id, registered: other.registered } }
  }
  if (launchPatient !== id)
    return problem('resource.id', '`resource.id` must be the patient of `context.launch_patient`')
  if (action === 'selfAuthorize') {
    const read = SELF(properties, at)
    return isProblem(read)
      ? read
      : { action, template: read.template, reasonChars: read.reason_chars, confirmed: read.confirmed }
  }
  const read = GLASS(properties, at)
  return isProblem(read)
    ? read
    : { action: 'breakGlass', items: read.items, reasonChars: read.reason_chars, confirmed: read.confirmed }
}

const RESOURCE: ReadonlyMap<string, string> = new Map([
  ['launch', 'app'],
  ['grantScope', 'scope'],
  ['selfAuthorize', 'patient'],
  ['breakGlass', 'patient'],
])

const present = (members: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null))

/** The inverse of `parseEvaluation`. Null members are left out (AZ-4). */
export function formatEvaluation(ask: Ask): Readonly<Record<string, unknown>> {
  const { subject } = ask
  return {
    subject: {
      type: subject.kind,
      id: subject.id,
      ...(subject.role === null ? {} : { properties: { role: subject.role } }),
    },
    action: { name: ask.question.action },
    resource: formatResource(ask),
    context: formatContext(ask.circumstance),
  }
}

const formatContext = (circumstance: Circumstance): Record<string, unknown> =>
  present({
    tenant: circumstance.tenant,
    client_id: circumstance.clientId,
    zone: circumstance.zone,
    may_write: circumstance.mayWrite,
    sender_constrained: circumstance.senderConstrained,
    launch_bound: circumstance.launchBound,
    launch_patient: circumstance.launchPatient,
    grants: circumstance.grants,
    acr: circumstance.acr,
    purpose: circumstance.purpose,
    decision: circumstance.decision,
    correlation_id: circumstance.correlationId,
    traceparent: circumstance.traceparent,
  })

function formatResource({ question, circumstance }: Ask): Readonly<Record<string, unknown>> {
  switch (question.action) {
    case 'launch':
      return { type: 'app', id: question.app }
    case 'grantScope': {
      const { scope } = question
      if ('other' in scope) return { type: 'scope', id: scope.other, properties: { registered: scope.registered } }
      return { type: 'scope', id: `${scope.level}/${scope.type}.${scope.letter}`, properties: scope }
    }
    case 'selfAuthorize':
    case 'breakGlass': {
      const { reasonChars, confirmed } = question
      const about = question.action === 'breakGlass' ? { items: question.items } : { template: question.template }
      const properties = { ...about, reason_chars: reasonChars, confirmed }
      return { type: 'patient', id: circumstance.launchPatient ?? '', properties }
    }
    default: {
      const { type, id, patient, labels, units, authors } = question.resource
      const named = id === null ? { type: 'fhir-type', id: type } : { type: 'fhir', id: `${type}/${id}` }
      return { ...named, properties: present({ patient, labels, units, authors }) }
    }
  }
}
