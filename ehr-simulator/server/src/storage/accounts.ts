import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'

type Account = {
  readonly username: string
  /** Practitioner id, or Patient id for a citizen. */
  readonly subject: string
  /** A hash in the form of `directory/password.ts`, never the password. */
  readonly password: string
}

export interface AccountStore {
  find(username: string): Promise<Account | undefined>
  /** Keeps the account unless the username is taken. */
  add(account: Account): Promise<void>
}

export function sqlAccounts(database: Database, tenant: Tenant): AccountStore {
  return {
    find(username) {
      return database.first<Account>(
        sql`select username, subject, password from account where tenant = ${tenant} and username = ${username}`,
      )
    },
    async add({ username, subject, password }) {
      await database.run(
        sql`insert into account (tenant, username, subject, password)
            values (${tenant}, ${username}, ${subject}, ${password}) on conflict do nothing`,
      )
    },
  }
}
