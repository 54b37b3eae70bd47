import type { Migration } from '@uthopp/storage/migrate'
import { sql } from '@uthopp/storage/sql'

const TABLES = [
  sql`create table audit_head (tenant text primary key, sequence bigint not null, hash text not null,
    anchor_sequence bigint not null, anchor_hash text not null)`,
  sql`create table audit_record (tenant text not null, sequence bigint not null, id text not null, at bigint not null,
    activity text not null, actor text not null, patient text, correlation_id text not null, content text not null,
    hash text not null, primary key (tenant, sequence))`,
  sql`create unique index audit_record_id on audit_record (tenant, id)`,
  sql`create index audit_record_at on audit_record (tenant, at, sequence)`,
  sql`create index audit_record_patient on audit_record (tenant, patient, at, sequence) where patient is not null`,
  sql`create index audit_record_actor on audit_record (tenant, actor, at, sequence)`,
  sql`create index audit_record_correlation on audit_record (tenant, correlation_id)`,
]

/** What happened to a launch is read by its name (explanations). */
const LAUNCH: Migration = {
  id: '111-audit-launch',
  up: [
    sql`alter table audit_record add column launch_id text`,
    sql`create index audit_record_launch on audit_record (tenant, launch_id) where launch_id is not null`,
  ],
}

/** What was written down outside the database is counted in it, so that neither is shortened alone. */
const HEADS_FILE: Migration = {
  id: '112-audit-heads-file',
  up: [sql`create table audit_heads_file (file text primary key, lines bigint not null, hash text not null)`],
}

/**
 * The log of every trust. The engine itself refuses to change a record, and to remove one the retention time has not passed.
 *
 * That stops a mistake, not somebody who owns the database; what such a person does shows in the chain (`verify`).
 */
export const REPOSITORY_MIGRATIONS: readonly Migration[] = [
  {
    id: '110-audit-repository',
    up: {
      sqlite: [
        ...TABLES,
        sql`create trigger audit_record_unchanged before update on audit_record
          begin select raise(abort, 'an audit record is never changed'); end`,
        sql`create trigger audit_record_kept before delete on audit_record
          when old.sequence > (select anchor_sequence from audit_head where tenant = old.tenant)
          begin select raise(abort, 'an audit record is kept for its time'); end`,
      ],
      postgres: [
        ...TABLES,
        sql`create function audit_record_guard() returns trigger language plpgsql as $guard$
          begin
            if tg_op = 'DELETE' and old.sequence <= (select anchor_sequence from audit_head where tenant = old.tenant) then
              return old;
            end if;
            raise exception 'an audit record is never changed, and kept for its time';
          end $guard$`,
        sql`create trigger audit_record_kept before update or delete on audit_record
          for each row execute function audit_record_guard()`,
        sql`create function audit_record_no_truncate() returns trigger language plpgsql as $guard$
          begin raise exception 'an audit record is kept for its time'; end $guard$`,
        sql`create trigger audit_record_no_truncate before truncate on audit_record
          for each statement execute function audit_record_no_truncate()`,
      ],
    },
  },
  LAUNCH,
  HEADS_FILE,
]
