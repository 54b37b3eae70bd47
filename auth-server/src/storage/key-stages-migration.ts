import type { Migration } from '@uthopp/storage/migrate'
import { sql } from '@uthopp/storage/sql'

/** A key made before this signed from the moment it was made. */
export const keyStagesMigration: Migration = {
  id: '007-key-stages',
  up: [
    sql`alter table signing_key add column signs_from bigint not null default 0`,
    sql`update signing_key set signs_from = created_at`,
  ],
}
