import { RecordsRefused, type Send } from '@uthopp/audit/send'
import { createRepository } from '@uthopp/audit/repository'
import type { Database } from '@uthopp/storage/database'

/** The way from our own outbox into the repository that lies beside it. */
export const deliverTo =
  (db: Database): Send =>
  async (tenant, records) => {
    const appended = await createRepository(db, tenant).append(records)
    if (appended.kind === 'conflict') throw new RecordsRefused('id_taken')
  }
