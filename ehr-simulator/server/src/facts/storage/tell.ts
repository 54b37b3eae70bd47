import type { Database } from '@uthopp/storage/database'

/**
 * Writes down who changed a fact, on the transaction that changes it: no fact changes without its record, and no record tells
 * of a change that was refused. Not called where nothing changes.
 */
export type Tell = (inside: Database) => Promise<void>
