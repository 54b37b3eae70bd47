import type { Migration } from '@uthopp/storage/migrate'
import { sql } from '@uthopp/storage/sql'

/** The host's own tables: who may sign in, and the keys it speaks with. FHIR resources are in files of their own. */
export const HOST_MIGRATIONS: readonly Migration[] = [
  {
    id: '001-accounts-and-keys',
    up: [
      sql`create table account (tenant text not null, username text not null, subject text not null, password text not null, primary key (tenant, username))`,
      sql`create table signing_key (tenant text not null, kid text not null, private_jwk text not null, created_at bigint not null, primary key (tenant))`,
    ],
  },
]
