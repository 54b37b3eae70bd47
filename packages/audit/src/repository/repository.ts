import type { Database } from '@uthopp/storage/database'
import type { Tenant } from '@uthopp/storage/tenant'
import type { AuditRecord } from '#src/record.ts'
import { type Appended, appendRecords, holdHead } from './append.ts'
import { type AuditSearch, type Found, findRecord, searchRecords } from './search.ts'

/**
 * The access log of one trust: what was written is found again, and never changes.
 *
 * Several processes may append at once. A record that comes again, alike in every member, is the same record.
 */
export interface AuditRepository {
  append(records: readonly AuditRecord[]): Promise<Appended>
  search(search: AuditSearch): Promise<Found>
  find(id: string): Promise<AuditRecord | undefined>
}

export const createRepository = (db: Database, tenant: Tenant): AuditRepository => ({
  append: (records) => appendRecords(db, tenant, records),
  search: (search) => searchRecords(db, tenant, search),
  find: (id) => findRecord(db, tenant, id),
})

/** Begins the log of a trust, so that one that is gone is told from one that was never written in. */
export async function openLog(db: Database, tenant: Tenant): Promise<void> {
  await holdHead(db, tenant)
}
