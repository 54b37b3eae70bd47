import { randomUUID } from 'node:crypto'
import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'

const HELD_MS = 15_000

export type Turn = { readonly take: () => Promise<boolean> }

/** Lets one of several nodes on one database deliver at a time, so that records arrive in order and not once per node. */
export function createTurn(db: Database, now: () => Date): Turn {
  // An embedded database has one process.
  if (db.engine === 'sqlite') return { take: async () => true }
  const holder = randomUUID()
  return {
    async take() {
      const at = now().getTime()
      const changed =
        await db.acrossTenants.run(sql`insert into audit_outbox_turn (slot, holder, until) values (1, ${holder}, ${at + HELD_MS})
          on conflict (slot) do update set holder = excluded.holder, until = excluded.until
          where audit_outbox_turn.holder = ${holder} or audit_outbox_turn.until < ${at}`)
      return changed === 1
    },
  }
}
