import type { Migration } from '@uthopp/storage/migrate'
import { sql } from '@uthopp/storage/sql'

/** What lets somebody register an app where registration is not open (RFC 7591 §3), and what the trust decided of the app by giving it. */
export const initialTokensMigration: Migration = {
  id: '008-initial-access-tokens',
  up: [
    sql`create table initial_access_token (
      tenant text not null,
      token_hash text not null,
      zone text not null,
      approved integer not null,
      uses_left integer not null,
      expires_at bigint not null,
      primary key (tenant, token_hash)
    )`,
    sql`create index initial_access_token_by_age on initial_access_token (expires_at)`,
  ],
}

/** The most that apps registered with a token can register, which is what the trust has approved by giving it. */
export const initialTokenScopeMigration: Migration = {
  id: '009-initial-access-token-scope',
  up: [sql`alter table initial_access_token add column scope text`],
}
