import type { Migration } from '@uthopp/storage/migrate'
import { sql } from '@uthopp/storage/sql'

/** Standalone launches and what people allowed in them. No secrets and no names: ids, scopes and times. */
export const interactionMigration: Migration = {
  id: '005-standalone',
  up: [
    sql`create table standalone_launch (
      tenant text not null,
      interaction text not null,
      client_id text not null,
      user_id text not null,
      grant_id text not null,
      authorized text not null,
      authorized_at bigint not null,
      keep_until bigint not null,
      primary key (tenant, interaction)
    )`,
    sql`create unique index standalone_launch_by_grant on standalone_launch (tenant, grant_id)`,
    sql`create index standalone_launch_by_user on standalone_launch (tenant, user_id)`,
    sql`create index standalone_launch_by_age on standalone_launch (keep_until)`,
    sql`create table consent (
      tenant text not null,
      user_id text not null,
      client_id text not null,
      answer text not null,
      answered_at bigint not null,
      primary key (tenant, user_id, client_id)
    )`,
  ],
}
