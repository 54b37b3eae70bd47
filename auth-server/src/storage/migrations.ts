import type { Migration } from '@uthopp/storage/migrate'
import { OUTBOX_MIGRATIONS } from '@uthopp/audit/outbox-migrations'
import { REPOSITORY_MIGRATIONS } from '@uthopp/audit/repository-migrations'
import { sql } from '@uthopp/storage/sql'
import { initialTokenScopeMigration, initialTokensMigration } from './initial-tokens-migration.ts'
import { interactionMigration } from './interaction-migration.ts'
import { keyStagesMigration } from './key-stages-migration.ts'
import { registrationMigration } from './registration-migration.ts'

/** Bearer secrets appear here only as hashes, except the handle between start and check, which the proof cookie seals. */
export const migrations: readonly Migration[] = [
  {
    id: '001-launches',
    up: [
      sql`create table launch (
        tenant text not null,
        launch_id text not null,
        host_id text not null,
        client_id text not null,
        launch_uri text not null,
        intent text not null,
        session text not null,
        workspace text,
        bound integer not null,
        start_hash text,
        start_expires_at bigint,
        handle_hash text not null,
        proof_hash text,
        sealed_handle text,
        offered_at bigint not null,
        expires_at bigint not null,
        keep_until bigint not null,
        started_at bigint,
        checked_at bigint,
        redeemed_at bigint,
        grant_id text,
        authorized text,
        ended_at bigint,
        primary key (tenant, launch_id)
      )`,
      sql`create unique index launch_by_start on launch (tenant, start_hash)`,
      sql`create unique index launch_by_handle on launch (tenant, handle_hash)`,
      sql`create unique index launch_by_grant on launch (tenant, grant_id)`,
      sql`create index launch_by_session on launch (tenant, session)`,
      sql`create index launch_by_workspace on launch (tenant, workspace)`,
      sql`create index launch_by_age on launch (keep_until)`,
    ],
  },
  {
    id: '002-oidc',
    up: [
      sql`create table oidc (
        tenant text not null,
        model text not null,
        id_hash text not null,
        payload text not null,
        grant_id text,
        uid text,
        expires_at bigint,
        consumed_at bigint,
        primary key (tenant, model, id_hash)
      )`,
      sql`create index oidc_by_grant on oidc (tenant, grant_id)`,
      sql`create index oidc_by_uid on oidc (tenant, uid)`,
      sql`create index oidc_by_age on oidc (expires_at)`,
    ],
  },
  {
    id: '003-clients-and-keys',
    up: [
      sql`create table client (
        tenant text not null,
        client_id text not null,
        record text not null,
        primary key (tenant, client_id)
      )`,
      sql`create table signing_key (
        tenant text not null,
        alg text not null,
        generation integer not null,
        kid text not null,
        jwk text not null,
        created_at bigint not null,
        primary key (tenant, alg, generation)
      )`,
    ],
  },
  {
    id: '004-revocations',
    up: [
      sql`create table revocation_head (
        tenant text not null,
        epoch text not null,
        sequence bigint not null,
        primary key (tenant)
      )`,
      sql`create table revocation (
        tenant text not null,
        kind text not null,
        id text not null,
        sequence bigint not null,
        at bigint not null,
        keep_until bigint not null,
        primary key (tenant, kind, id)
      )`,
      sql`create unique index revocation_by_sequence on revocation (tenant, sequence)`,
      sql`create index revocation_by_age on revocation (keep_until)`,
    ],
  },
  interactionMigration,
  registrationMigration,
  keyStagesMigration,
  initialTokensMigration,
  initialTokenScopeMigration,
  ...OUTBOX_MIGRATIONS,
  ...REPOSITORY_MIGRATIONS,
]
