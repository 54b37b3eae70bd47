import type { Database } from '@uthopp/storage/database'

/** Thrown in a transaction to leave it with nothing done. */
export class NotWhole extends Error {}

/** True when the work is done whole; false, and nothing done, when it finds that it cannot be. */
export async function wholeOrNot(db: Database, work: (inside: Database) => Promise<void>): Promise<boolean> {
  try {
    await db.transaction(work)
    return true
  } catch (error) {
    if (error instanceof NotWhole) return false
    throw error
  }
}
