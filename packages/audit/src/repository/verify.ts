import { isProblem } from '@uthopp/smart-core/problem'
import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import { type Tenant, tenantOf } from '@uthopp/storage/tenant'
import { parseText } from '#src/wire.ts'
import type { Head } from './append.ts'
import { GENESIS, linkHash } from './chain.ts'
import type { HeadLine } from './head-line.ts'
import { type Pruning, pruningIn } from './pruning.ts'
import { agrees, type RecordRow } from './row.ts'
import { anchorFault, type RetentionKept, type Witness, witnessedHashes } from './verify-anchor.ts'

const PAGE = 1000

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
    /** No head of this trust is among those written down. */
    | 'not-witnessed'
    /** The beginning of the chain was moved, and no record of pruning tells of it. */
    | 'anchor-unproven'
    /** Records were removed before their time was over. */
    | 'pruned-too-early'
}

export type Verification = {
  readonly tenant: Tenant
  readonly rows: number
  readonly head: string
  /** Where the chain begins: 0, or the last record whose time was over. */
  readonly from: number
  /** The last record whose head was written down outside the database; 0 for none. */
  readonly witnessed: number
  readonly fault: ChainFault | undefined
}

export type Proof = {
  /** Heads that were written down outside; undefined when none are to be had. */
  readonly witnesses?: readonly HeadLine[] | undefined
  /** True when the trust is known to have a log, whatever the database says. */
  readonly expected?: boolean
  readonly retention?: RetentionKept
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
 * the head; rows cut off at the beginning lack their record of pruning; a chain made anew, head and all, breaks with a witness.
 */
export async function verifyChain(db: Database, tenant: Tenant, proof: Proof = {}): Promise<Verification> {
  const begun = await readHead(db, tenant)
  const found = await walk(db, tenant, begun, proof)
  if (found.fault === undefined) return found
  // Records whose time was over may have been removed while we walked, which looks like a gap.
  const now = await readHead(db, tenant)
  return now?.anchor_sequence === begun?.anchor_sequence ? found : verifyChain(db, tenant, proof)
}

async function walk(db: Database, tenant: Tenant, begun: Head | undefined, proof: Proof): Promise<Verification> {
  const own: readonly Witness[] = proof.witnesses?.filter((witness) => witness.tenant === tenant) ?? []
  const { hashes, disagree } = witnessedHashes(own)
  const witnessed = Math.max(0, ...hashes.keys())
  const from = begun?.anchor_sequence ?? 0
  let sequence = from
  let hash = begun?.anchor_hash ?? GENESIS
  let rows = 0
  let pruning: Pruning | undefined
  const answer = (fault?: ChainFault): Verification => ({ tenant, rows, head: hash, from, witnessed, fault })
  if (disagree !== undefined) return answer({ sequence: disagree, fault: 'witness-disagrees' })
  if (begun === undefined && (own.length > 0 || proof.expected === true))
    return answer({ sequence: 1, fault: 'head-missing' })

  for (;;) {
    const page = await readPage(db, tenant, rows === 0 ? -1 : sequence)
    for (const row of page) {
      const fault = faultOf(row, tenant, sequence + 1, hash, hashes)
      if (fault !== undefined) return answer({ sequence: sequence + 1, fault })
      sequence = row.sequence
      hash = row.hash
      rows += 1
      const record = row.activity === 'log-pruned' ? parseText(row.content) : undefined
      if (record !== undefined && !isProblem(record)) pruning = pruningIn(record) ?? pruning
    }
    if (page.length === PAGE) continue
    // Records and head are committed together, so a head read after the last record is never behind it.
    const head = await readHead(db, tenant)
    if (head === undefined && sequence > 0) return answer({ sequence, fault: 'head-missing' })
    const end = Math.max(head?.sequence ?? 0, witnessed)
    if (sequence > end) return answer({ sequence: end + 1, fault: 'head-changed' })
    if (sequence < end) {
      if (page.length > 0) continue
      return answer({ sequence: sequence + 1, fault: 'tail-missing' })
    }
    if (head !== undefined && head.hash !== hash) return answer({ sequence, fault: 'head-changed' })
    const moved = begun && anchorFault(begun, pruning, own, proof.retention)
    if (moved !== undefined) return answer({ sequence: from, fault: moved })
    if (proof.witnesses !== undefined && begun !== undefined && own.length === 0)
      return answer({ sequence, fault: 'not-witnessed' })
    return answer()
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
