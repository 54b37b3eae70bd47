import { isProblem, type Problem } from '@uthopp/smart-core/problem'
import type { Ask } from '#src/decision-point.ts'
import { choice, filled, flag, integer, list, nullable, optional, text } from '#src/json-reading.ts'
import type { Circumstance, Subject } from '#src/question.ts'
import { formatResource, parseQuestion } from './question-wire.ts'
import { present, tolerant } from './tolerant.ts'

/** As long as a question may be where we answer, a batch of them too, and so as long as we make any where we ask. */
export const MOST_BODY_BYTES = 256 * 1024

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
    grants: list(text, 1000),
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
