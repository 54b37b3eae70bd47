import type { Migration } from '@uthopp/storage/migrate'
import { sql } from '@uthopp/storage/sql'

/** When an app registered itself and when it last got a token. Clients of the deployment, and apps from before this, have neither. */
export const registrationMigration: Migration = {
  id: '006-registrations',
  up: [
    sql`alter table client add column registered_at bigint`,
    sql`alter table client add column used_at bigint`,
    sql`create index client_by_registration on client (tenant, registered_at)`,
  ],
}
