import { sql } from '@uthopp/storage/sql'
import type { Migration } from '@uthopp/storage/migrate'

/** Sessions of the work surface, and the launch endings the authorization server has yet to hear of. */
export const SESSION_MIGRATIONS: readonly Migration[] = [
  {
    id: '101-work-surface-sessions',
    up: [
      sql`create table host_session (
        tenant text not null,
        secret_hash text not null,
        ref text not null,
        user_id text not null,
        role_id text,
        seen_at bigint not null,
        expires_at bigint not null,
        primary key (tenant, secret_hash)
      )`,
      sql`create table host_launch_ending (
        tenant text not null,
        scope text not null,
        value text not null,
        asked_at bigint not null,
        primary key (tenant, scope, value)
      )`,
    ],
  },
  {
    id: '102-launch-ending-trace',
    up: [sql`alter table host_launch_ending add column traceparent text`],
  },
  {
    id: '103-launches-that-lean-on-decisions',
    up: [
      sql`create table host_launch_decision (
        tenant text not null,
        decision text not null,
        workspace text not null,
        primary key (tenant, decision, workspace)
      )`,
    ],
  },
]
