import { randomBytes } from 'node:crypto'
import { formatPosition } from '@uthopp/server-kit/change-stream'
import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import type { Change, Changed, ChangeLog } from '../changes.ts'

const PAGE = 500
/** So many in one statement: databases bound what a statement may name. */
const ROWS = 500

type Head = { readonly epoch: string; readonly sequence: number }

const newEpoch = (): string => randomBytes(9).toString('base64url')

/** Writes down what changed, inside the transaction that changes it, so that the one never happens without the other. */
export async function recordChanges(inside: Database, tenant: Tenant, changed: readonly Changed[]): Promise<void> {
  const each = [...new Map(changed.map((one) => [`${one.kind} ${one.id}`, one])).values()]
  if (each.length === 0) return
  // INVARIANT: this row stays locked until the transaction ends, which makes the order of numbers the order of commits.
  const head = await inside.first<Head>(sql`insert into fact_head (tenant, epoch, sequence)
    values (${tenant}, ${newEpoch()}, ${each.length})
    on conflict (tenant) do update set sequence = fact_head.sequence + ${each.length}
    returning epoch, sequence`)
  const first = (head?.sequence ?? 0) - each.length + 1
  const rows = each.map(({ kind, id }, index) => sql`(${tenant}, ${kind}, ${id}, ${first + index})`)
  for (let from = 0; from < rows.length; from += ROWS)
    await inside.run(sql`insert into fact_change (tenant, kind, id, sequence)
      values ${sql.join(rows.slice(from, from + ROWS), ', ')}
      on conflict (tenant, kind, id) do update set sequence = excluded.sequence`)
}

export function createChangeLog(db: Database, tenant: Tenant): ChangeLog {
  const readHead = (): Promise<Head | undefined> =>
    db.first<Head>(sql`select epoch, sequence from fact_head where tenant = ${tenant}`)

  async function requireHead(): Promise<Head> {
    const known = await readHead()
    if (known !== undefined) return known
    await db.run(sql`insert into fact_head (tenant, epoch, sequence) values (${tenant}, ${newEpoch()}, 0)
      on conflict (tenant) do nothing`)
    const head = await readHead()
    if (head === undefined) throw new Error('the log of changed facts has no head')
    return head
  }

  return {
    head: requireHead,
    async resume(position) {
      const head = await readHead()
      return head?.epoch === position.epoch && position.sequence <= head.sequence ? position : undefined
    },
    async readAfter({ epoch, sequence }) {
      const entries = await db.all<Change>(sql`select kind, id, sequence from fact_change
        where tenant = ${tenant} and sequence > ${sequence} order by sequence limit ${PAGE}`)
      const last = entries.at(-1)?.sequence ?? sequence
      return { entries, position: { epoch, sequence: last }, full: entries.length === PAGE }
    },
    async epochsOf(patients) {
      const { epoch } = await requireHead()
      const rows = await db.all<{ id: string; sequence: number }>(sql`select id, sequence from fact_change
        where tenant = ${tenant} and kind = ${'patient'} and id in (${sql.list(patients)})`)
      const moved = new Map(rows.map(({ id, sequence }) => [id, sequence]))
      return new Map(patients.map((id) => [id, formatPosition({ epoch, sequence: moved.get(id) ?? 0 })]))
    },
  }
}
