import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'
import { canonicalJson } from '#src/canonical-json.ts'
import type { AuditRecord } from '#src/record.ts'
import { formatRecord, parseRecord } from '#src/wire.ts'

/** A stored record: its canonical text, and beside it the members one may search for. */
export type RecordRow = {
  readonly sequence: number
  readonly id: string
  readonly at: number
  readonly activity: string
  readonly actor: string
  readonly patient: string | null
  readonly correlation_id: string
  readonly launch_id: string | null
  readonly content: string
  readonly hash: string
}

export const contentOf = (record: AuditRecord): string => canonicalJson(formatRecord(record))

export function recordIn(content: string): AuditRecord | Problem {
  try {
    return parseRecord(JSON.parse(content))
  } catch {
    return problem('content', 'the text of the record is no JSON')
  }
}

/** True when what is searched for is what the text says: a row must not hide by its columns. */
export function agrees(row: RecordRow): boolean {
  const record = recordIn(row.content)
  return (
    !isProblem(record) &&
    record.id === row.id &&
    record.at.getTime() === row.at &&
    record.activity === row.activity &&
    record.actor.id === row.actor &&
    record.patient === row.patient &&
    record.correlationId === row.correlation_id &&
    record.launchId === row.launch_id
  )
}
