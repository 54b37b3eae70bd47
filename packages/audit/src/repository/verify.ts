import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import { type Tenant, tenantOf } from '@uthopp/storage/tenant'
import type { Head } from './append.ts'
import { GENESIS, linkHash } from './chain.ts'
import { agrees, type RecordRow } from './row.ts'

const PAGE = 1000

/** A head somebody wrote down elsewhere: what the chain of that moment must still lead to. */
export type Witness = { readonly tenant: string; readonly sequence: number; readonly hash: string }

export type ChainFault = {
  readonly sequence: number
  readonly fault:
    | 'record-missing'
    | 'record-changed'
    | 'columns-changed'
    | 'tail-missing'
    | 'head-missing'
    | 'head-changed'
    | 'witness-disagrees'
}

export type Verification = {
  readonly tenant: Tenant
  readonly rows: number
  readonly head: string
  /** Where the chain begins: 0, or the last record whose time was over. */
  readonly from: number
  readonly fault: ChainFault | undefined
}

export async function tenantsLogged(db: Database): Promise<readonly Tenant[]> {
  const rows = await db.acrossTenants.all<{ tenant: string }>(
    sql`select tenant from audit_head union select distinct tenant from audit_record order by tenant`,
  )
  return rows.map(({ tenant }) => tenantOf(tenant))
}

/**
 * Walks the chain of one trust from its beginning and stops at the first link that does not hold.
 *
 * A changed text, a changed column, a missing, added or reordered row break the chain itself; rows cut off at the end break with
 * the head; a chain made anew, head and all, breaks with a witness.
 */
export async function verifyChain(
  db: Database,
  tenant: Tenant,
  witnesses: readonly Witness[] = [],
): Promise<Verification> {
  const begun = await readHead(db, tenant)
  const found = await walk(db, tenant, begun, witnesses)
  if (found.fault === undefined) return found
  // Records whose time was over may have been removed while we walked, which looks like a gap.
  const now = await readHead(db, tenant)
  return now?.anchor_sequence === begun?.anchor_sequence ? found : verifyChain(db, tenant, witnesses)
}

async function walk(
  db: Database,
  tenant: Tenant,
  begun: Head | undefined,
  witnesses: readonly Witness[],
): Promise<Verification> {
  const own = witnesses.filter((witness) => witness.tenant === tenant)
  const expected = new Map(own.map(({ sequence, hash }) => [sequence, hash]))
  const from = begun?.anchor_sequence ?? 0
  let sequence = from
  let hash = begun?.anchor_hash ?? GENESIS
  let rows = 0
  const answer = (fault?: ChainFault): Verification => ({ tenant, rows, head: hash, from, fault })

  for (;;) {
    const page = await readPage(db, tenant, rows === 0 ? -1 : sequence)
    for (const row of page) {
      const fault = faultOf(row, tenant, sequence + 1, hash, expected)
      if (fault !== undefined) return answer({ sequence: sequence + 1, fault })
      sequence = row.sequence
      hash = row.hash
      rows += 1
    }
    if (page.length === PAGE) continue
    // Records and head are committed together, so a head read after the last record is never behind it.
    const head = await readHead(db, tenant)
    if (head === undefined && (sequence > 0 || own.length > 0)) return answer({ sequence, fault: 'head-missing' })
    const end = Math.max(head?.sequence ?? 0, ...expected.keys())
    if (sequence === end)
      return head === undefined || head.hash === hash ? answer() : answer({ sequence, fault: 'head-changed' })
    if (sequence > end) return answer({ sequence: end + 1, fault: 'head-changed' })
    if (page.length === 0) return answer({ sequence: sequence + 1, fault: 'tail-missing' })
  }
}

function faultOf(
  row: RecordRow,
  tenant: Tenant,
  sequence: number,
  previous: string,
  expected: ReadonlyMap<number, string>,
): ChainFault['fault'] | undefined {
  if (row.sequence !== sequence) return 'record-missing'
  if (linkHash(tenant, sequence, previous, row.content) !== row.hash) return 'record-changed'
  if (!agrees(row)) return 'columns-changed'
  return (expected.get(sequence) ?? row.hash) === row.hash ? undefined : 'witness-disagrees'
}

const readHead = (db: Database, tenant: Tenant): Promise<Head | undefined> =>
  db.first<Head>(sql`select sequence, hash, anchor_sequence, anchor_hash from audit_head where tenant = ${tenant}`)

const readPage = (db: Database, tenant: Tenant, after: number): Promise<readonly RecordRow[]> =>
  db.all<RecordRow>(sql`select sequence, id, at, activity, actor, patient, correlation_id, launch_id, content, hash
    from audit_record where tenant = ${tenant} and sequence > ${after} order by sequence limit ${PAGE}`)
