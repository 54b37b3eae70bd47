import { isProblem } from '@uthopp/smart-core/problem'
import { parseText } from '#src/wire.ts'

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

/** True when what is searched for is what the text says: a row must not hide by its columns. */
export function agrees(row: RecordRow): boolean {
  const record = parseText(row.content)
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
