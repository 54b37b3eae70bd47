import { isProblem, type Problem } from '@uthopp/smart-core/problem'
import { type Answer, type Obligation, OBLIGATION_TYPES } from '#src/answer.ts'
import { textOf } from '#src/answer/reasons.ts'
import {
  choice,
  filled,
  flag,
  instant,
  isObject,
  list,
  nullable,
  object,
  optional,
  type Reader,
  text,
} from '#src/json-reading.ts'

/** A deny is an ordinary answer, and everything beside `decision` stands in its context (AZ-2, AZ-41). */
export function formatDecision(answer: Answer): Readonly<Record<string, unknown>> {
  const maxAge = answer.obligations.find(({ type }) => type === 'max-age')?.properties['seconds']
  const context = {
    decision_id: answer.decisionId,
    policy_version: answer.policyVersion,
    rules: answer.rules,
    reason_code: answer.reasonCode,
    reason_text: answer.reasonText,
    obligations: answer.obligations,
    trace: answer.trace,
    valid_until: answer.validUntil?.toISOString() ?? null,
    care_decision: answer.careDecision,
    purpose: answer.purpose,
    requestable: answer.requestable,
    ttl: maxAge ?? null,
  }
  const known = Object.fromEntries(Object.entries(context).filter(([, value]) => value !== null))
  return { decision: answer.effect === 'permit', context: known }
}

const record: Reader<Readonly<Record<string, unknown>>> = (value, path) =>
  isObject(value) ? value : { kind: 'problem', input: path, reason: `\`${path}\` must be an object` }

const DECISION = object(
  {
    decision: flag,
    context: object(
      {
        decision_id: filled,
        policy_version: text,
        rules: list(filled),
        reason_code: filled,
        reason_text: object({ nb: text, en: text }, false),
        obligations: list(object({ id: filled, type: filled, properties: record }, false), 50),
        trace: object({ action: text, principal: text, resource: text, context: record }, false),
        valid_until: optional(nullable(instant), null),
        care_decision: optional(nullable(filled), null),
        purpose: optional(nullable(filled), null),
        requestable: optional(
          nullable(object({ kind: choice(['decision', 'break-glass']), templates: list(filled, 50) }, false)),
          null,
        ),
      },
      false,
    ),
  },
  false,
)

/** Reads an answer of our own decision point; a permit with an obligation nobody here knows becomes a deny (AZ-46). */
export function parseDecision(body: unknown): Answer | Problem {
  const read = DECISION(body, '')
  if (isProblem(read)) return read
  const { decision, context } = read
  const obligations = context.obligations.flatMap(({ id, type, properties }): readonly Obligation[] => {
    const known = OBLIGATION_TYPES.find((each) => each === type)
    return known === undefined ? [] : [{ id, type: known, properties }]
  })
  const understood = obligations.length === context.obligations.length
  const refused = decision && !understood
  return {
    effect: decision && understood ? 'permit' : 'deny',
    decisionId: context.decision_id,
    policyVersion: context.policy_version,
    rules: context.rules,
    reasonCode: refused ? 'obligation-unknown' : context.reason_code,
    reasonText: refused ? textOf('obligation-unknown') : context.reason_text,
    obligations,
    validUntil: refused ? null : context.valid_until,
    careDecision: context.care_decision,
    purpose: context.purpose,
    requestable: context.requestable,
    trace: context.trace,
  }
}
