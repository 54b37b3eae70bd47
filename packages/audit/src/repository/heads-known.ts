import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import { GENESIS } from './chain.ts'

/** What the database remembers of a file of heads: how many lines it had, and the hash of the last. */
export type KnownHeads = { readonly file: string; readonly lines: number; readonly hash: string }

export const readKnownHeads = (db: Database): Promise<readonly KnownHeads[]> =>
  db.acrossTenants.all<KnownHeads>(sql`select file, lines, hash from audit_heads_file order by file`)

/** Comes before the first line of the file, so that no file of ours is one the database does not know. */
export async function beginKnownHeads(db: Database, file: string): Promise<void> {
  await db.acrossTenants.run(sql`insert into audit_heads_file (file, lines, hash) values (${file}, 0, ${GENESIS})`)
}

/** Comes after the lines are durable. False when another process counted lines of this file meanwhile. */
export async function countKnownHeads(db: Database, before: KnownHeads, now: KnownHeads): Promise<boolean> {
  const changed = await db.acrossTenants.run(sql`update audit_heads_file set lines = ${now.lines}, hash = ${now.hash}
    where file = ${before.file} and lines = ${before.lines}`)
  return changed === 1
}
