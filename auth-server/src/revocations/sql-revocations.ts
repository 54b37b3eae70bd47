import { randomBytes } from 'node:crypto'
import type { Position } from '@uthopp/server-kit/change-stream'
import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import type { Revocation, RevocationLog, Revoked } from './revocations.ts'

/** Longer than any access token lives (300 s), with room for clocks that differ and answers that were under way. */
const KEEP_MS = 10 * 60_000
const PAGE = 500

type Row = { readonly sequence: number; readonly kind: Revocation['kind']; readonly id: string; readonly at: number }
type Head = { readonly epoch: string; readonly sequence: number }

/**
 * Writes down what died. Called as the last thing inside the transaction that kills it, so that the one never happens
 * without the other.
 */
export async function recordRevocations(
  inside: Database,
  tenant: Tenant,
  revoked: readonly Revoked[],
  now: Date,
): Promise<void> {
  if (revoked.length === 0) return
  // INVARIANT: this row stays locked until the transaction ends, which makes the order of numbers the order of commits.
  const head = await inside.first<Head>(sql`insert into revocation_head (tenant, epoch, sequence)
    values (${tenant}, ${newEpoch()}, ${revoked.length})
    on conflict (tenant) do update set sequence = revocation_head.sequence + ${revoked.length}
    returning epoch, sequence`)
  const first = (head?.sequence ?? 0) - revoked.length + 1
  const rows = revoked.map(
    ({ kind, id }, index) =>
      sql`(${tenant}, ${kind}, ${id}, ${first + index}, ${now.getTime()}, ${now.getTime() + KEEP_MS})`,
  )
  // What dies again moves to the end: the later moment covers the earlier one.
  await inside.run(sql`insert into revocation (tenant, kind, id, sequence, at, keep_until)
    values ${sql.join(rows, ', ')} on conflict (tenant, kind, id) do update
    set sequence = excluded.sequence, at = excluded.at, keep_until = excluded.keep_until`)
}

const newEpoch = (): string => randomBytes(9).toString('base64url')

export function createRevocationLog(db: Database, tenant: Tenant): RevocationLog {
  const readHead = (): Promise<Head | undefined> =>
    db.first<Head>(sql`select epoch, sequence from revocation_head where tenant = ${tenant}`)

  async function requireHead(): Promise<Head> {
    await db.run(sql`insert into revocation_head (tenant, epoch, sequence) values (${tenant}, ${newEpoch()}, 0)
      on conflict (tenant) do nothing`)
    const head = await readHead()
    if (head === undefined) throw new Error('the revocation log has no head')
    return head
  }

  return {
    async start() {
      return { epoch: (await requireHead()).epoch, sequence: 0 }
    },
    async resume(position) {
      const head = await readHead()
      return head?.epoch === position.epoch && position.sequence <= head.sequence ? position : undefined
    },
    async readAfter({ epoch, sequence }: Position) {
      const rows = await db.all<Row>(sql`select sequence, kind, id, at from revocation
        where tenant = ${tenant} and sequence > ${sequence} order by sequence limit ${PAGE}`)
      const revocations = rows.map(({ at, ...row }): Revocation => ({ ...row, at: new Date(at) }))
      const last = revocations.at(-1)?.sequence ?? sequence
      return { revocations, position: { epoch, sequence: last }, full: rows.length === PAGE }
    },
  }
}
