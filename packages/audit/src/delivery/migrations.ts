import type { Migration } from '@uthopp/storage/migrate'
import { sql } from '@uthopp/storage/sql'

const COLUMNS = sql.raw('tenant text not null, at bigint not null, record text not null, refused text')

/** To be included in the schema of every process that writes audit records. */
export const OUTBOX_MIGRATIONS: readonly Migration[] = [
  {
    id: '100-audit-outbox',
    up: {
      sqlite: [
        sql`create table audit_outbox (position integer primary key, ${COLUMNS})`,
        sql`create index audit_outbox_tenant on audit_outbox (tenant, position)`,
      ],
      postgres: [
        sql`create table audit_outbox (position bigint generated always as identity primary key, ${COLUMNS})`,
        sql`create index audit_outbox_tenant on audit_outbox (tenant, position)`,
        sql`create table audit_outbox_turn (slot bigint primary key, holder text not null, until bigint not null)`,
      ],
    },
  },
]
