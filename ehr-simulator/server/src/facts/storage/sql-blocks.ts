import { BLOCK_KINDS } from '@uthopp/policy/facts'
import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import type { PatientBlock } from '../blocks.ts'
import { recordChanges } from './sql-changes.ts'
import type { Tell } from './tell.ts'
import { NotWhole, wholeOrNot } from './whole.ts'

/** The blocks of one tenant's patients, as they stand. */
export interface BlockStore {
  ofPatients(patients: readonly string[]): Promise<readonly PatientBlock[]>
  /** One that stands. */
  find(id: string): Promise<PatientBlock | undefined>
  /** Keeps all of them or none. False, and nothing kept, when one of the ids is taken. */
  add(blocks: readonly PatientBlock[], now: Date, tell?: Tell): Promise<boolean>
  /** Lifts them in one moment; answers how many, which leaves out those that are unknown or lifted already. */
  lift(ids: readonly string[], now: Date, tell?: Tell): Promise<number>
}

type Row = { readonly id: string; readonly patient: string; readonly kind: string; readonly target: string }

/** INVARIANT: a kind this program does not know blocks the whole record: it was meant to close something. */
const read = ({ kind, target, ...row }: Row): PatientBlock => {
  const known = BLOCK_KINDS.find((each) => each === kind)
  return known === undefined ? { ...row, kind: 'record', target: '' } : { ...row, kind: known, target }
}

/** Writes a block down on the transaction of the caller; answers 0 when the id is taken. */
export async function writeBlock(inside: Database, tenant: Tenant, block: PatientBlock, now: Date): Promise<number> {
  const { id, patient, kind, target } = block
  const kept = await inside.run(sql`insert into care_block (tenant, id, patient, kind, target, starts_at)
    values (${tenant}, ${id}, ${patient}, ${kind}, ${target}, ${now.getTime()}) on conflict do nothing`)
  if (kept > 0) await recordChanges(inside, tenant, [{ kind: 'patient', id: patient }])
  return kept
}

export function createBlockStore(db: Database, tenant: Tenant): BlockStore {
  return {
    async ofPatients(patients) {
      const rows = await db.all<Row>(sql`select id, patient, kind, target from care_block
        where tenant = ${tenant} and patient in (${sql.list(patients)}) and ended_at is null order by id`)
      return rows.map(read)
    },
    async find(id) {
      const row = await db.first<Row>(sql`select id, patient, kind, target from care_block
        where tenant = ${tenant} and id = ${id} and ended_at is null`)
      return row && read(row)
    },
    add(blocks, now, tell) {
      return wholeOrNot(db, async (inside) => {
        for (const block of blocks) if ((await writeBlock(inside, tenant, block, now)) === 0) throw new NotWhole()
        await tell?.(inside)
      })
    },
    lift(ids, now, tell) {
      return db.transaction(async (inside) => {
        const rows = await inside.all<{ patient: string }>(sql`update care_block set ended_at = ${now.getTime()}
          where tenant = ${tenant} and id in (${sql.list(ids)}) and ended_at is null returning patient`)
        if (rows.length === 0) return 0
        const changed = rows.map(({ patient }) => ({ kind: 'patient', id: patient }) as const)
        await recordChanges(inside, tenant, changed)
        await tell?.(inside)
        return rows.length
      })
    },
  }
}
