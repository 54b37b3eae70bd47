import { choice, type MemberReader, nullable, readMembers } from '@uthopp/server-kit/members'
import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'
import { ACTIVITIES } from './activities.ts'
import { canonicalJson } from './canonical-json.ts'
import type { AuditRecord } from './record.ts'
import { RECORD_ID } from './record-id.ts'
import { actor, code, decision, detail, fhirId, matter, plainId, policy } from './wire-readers.ts'

const recordId: MemberReader<string> = (value, name) =>
  typeof value === 'string' && RECORD_ID.test(value) ? value : problem(name, `\`${name}\` must be a UUID of version 7`)

const tenant: MemberReader<string> = (value, name) =>
  typeof value === 'string' && /^\d{9}$/.test(value)
    ? value
    : problem(name, `\`${name}\` must be an organisation number`)

const instant: MemberReader<Date> = (value, name) => {
  const at = typeof value === 'string' ? new Date(value) : undefined
  // Only what we write ourselves: one spelling of each moment, so that the same record has the same text.
  return at !== undefined && !Number.isNaN(at.getTime()) && at.toISOString() === value
    ? at
    : problem(name, `\`${name}\` must be a moment in UTC with milliseconds`)
}

const SHAPE = {
  required: {
    id: recordId,
    tenant,
    at: instant,
    activity: choice(ACTIVITIES),
    outcome: choice(['ok', 'refused', 'failed']),
    actor,
    client_id: nullable(plainId),
    patient: nullable(fhirId),
    correlation_id: plainId,
    launch_id: nullable(plainId),
    grant_id: nullable(plainId),
    source: choice(['auth-server', 'gateway', 'host', 'hub']),
    purpose: nullable(code),
    decision: nullable(decision),
    what: nullable(matter),
    policy: nullable(policy),
    detail,
  },
} as const

/** Reads one record of the wire: every member is there, none is unknown, and nothing in it can be a secret or a person's number. */
export function parseRecord(json: unknown): AuditRecord | Problem {
  const read = readMembers(json, SHAPE)
  if (isProblem(read)) return read
  const { client_id: clientId, correlation_id: correlationId, launch_id: launchId, grant_id: grantId, ...same } = read
  return { ...same, clientId, correlationId, launchId, grantId }
}

/** The inverse of `parseRecord`, ready to be written as JSON. */
export function formatRecord(record: AuditRecord): Readonly<Record<string, unknown>> {
  const { at, clientId, correlationId, launchId, grantId, decision: leantOn, policy: asked, ...same } = record
  return {
    ...same,
    at: at.toISOString(),
    client_id: clientId,
    correlation_id: correlationId,
    launch_id: launchId,
    grant_id: grantId,
    decision: leantOn && { id: leantOn.id, template: leantOn.template, user_selected: leantOn.userSelected },
    policy: asked && {
      decision_id: asked.decisionId,
      version: asked.version,
      effect: asked.effect,
      rules: asked.rules,
      reason_code: asked.reasonCode,
      trace: asked.trace ?? null,
    },
  }
}

/** Texts of records that were written already; a record never changes. */
const texts = new WeakMap<AuditRecord, string>()

/** The one text of a record: what is kept, hashed and compared. */
export function textOf(record: AuditRecord): string {
  const known = texts.get(record)
  if (known !== undefined) return known
  const text = canonicalJson(formatRecord(record))
  texts.set(record, text)
  return text
}

/** Reads a record from its text. */
export function parseText(text: string): AuditRecord | Problem {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return problem('content', 'the text of the record is no JSON')
  }
  return parseRecord(json)
}
