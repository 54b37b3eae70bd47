import { isProblem } from '@uthopp/smart-core/problem'
import type { Database } from '@uthopp/storage/database'
import { type Sql, sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import type { Activity } from '#src/activities.ts'
import type { AuditRecord } from '#src/record.ts'
import { parseText } from '#src/wire.ts'

/** A place in an order by time; records of the same moment are told apart by their sequence. */
export type Place = { readonly at: number; readonly sequence: number }

export type AuditSearch = {
  readonly patient?: string
  readonly actor?: string
  readonly activities?: readonly Activity[]
  readonly correlationId?: string
  readonly launchId?: string
  /** Inclusive. */
  readonly from?: Date
  /** Exclusive. */
  readonly until?: Date
  readonly newestFirst: boolean
  readonly count: number
  /** The last place of the page before. */
  readonly after?: Place
}

export type Found = {
  readonly records: readonly (AuditRecord & { readonly sequence: number })[]
  /** Where the next page begins; absent when this is the last. */
  readonly next: Place | undefined
}

type Row = { readonly sequence: number; readonly at: number; readonly content: string }

/** Reads one page of the log. One row more than asked for tells whether there is another. */
export async function searchRecords(db: Database, tenant: Tenant, search: AuditSearch): Promise<Found> {
  const { patient, actor, activities, correlationId, launchId, from, until, newestFirst, count, after } = search
  const order = newestFirst ? sql`at desc, sequence desc` : sql`at, sequence`
  const conditions = [
    ...(patient === undefined ? [] : [sql`patient = ${patient}`]),
    ...(actor === undefined ? [] : [sql`actor = ${actor}`]),
    ...(activities === undefined ? [] : [sql`activity in (${sql.list(activities)})`]),
    ...(correlationId === undefined ? [] : [sql`correlation_id = ${correlationId}`]),
    ...(launchId === undefined ? [] : [sql`launch_id = ${launchId}`]),
    ...(from === undefined ? [] : [sql`at >= ${from.getTime()}`]),
    ...(until === undefined ? [] : [sql`at < ${until.getTime()}`]),
    ...(after === undefined
      ? []
      : [
          newestFirst
            ? sql`(at, sequence) < (${after.at}, ${after.sequence})`
            : sql`(at, sequence) > (${after.at}, ${after.sequence})`,
        ]),
  ]
  const where = conditions.reduce<Sql<'tenant'>>((all, one) => sql`${all} and ${one}`, sql`tenant = ${tenant}`)
  const rows = await db.all<Row>(
    sql`select sequence, at, content from audit_record where ${where} order by ${order} limit ${count + 1}`,
  )
  const page = rows.slice(0, count)
  const last = page.at(-1)
  return {
    records: page.map(readRow),
    next: rows.length > count && last !== undefined ? { at: last.at, sequence: last.sequence } : undefined,
  }
}

export async function findRecord(db: Database, tenant: Tenant, id: string): Promise<AuditRecord | undefined> {
  const row = await db.first<Row>(
    sql`select sequence, at, content from audit_record where tenant = ${tenant} and id = ${id}`,
  )
  return row && readRow(row)
}

function readRow({ content, sequence }: Row): AuditRecord & { readonly sequence: number } {
  const record = parseText(content)
  // Only what was parsed is stored, so this row was changed behind our back.
  if (isProblem(record)) throw new Error(`audit record ${sequence} cannot be read: ${record.reason}`)
  return { ...record, sequence }
}
