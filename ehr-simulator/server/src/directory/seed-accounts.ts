import type { AccountStore } from '#src/storage/accounts.ts'
import { hashPassword } from './password.ts'
import type { DirectoryUser } from './people.ts'

/** Gives every seeded person an account, once. All share one password in the demo world, so one hash serves them all. */
export async function seedAccounts(
  accounts: AccountStore,
  users: readonly DirectoryUser[],
  password: string,
): Promise<void> {
  let hash: string | undefined
  for (const user of users) {
    if (await accounts.find(user.username)) continue
    hash ??= await hashPassword(password)
    await accounts.add({ username: user.username, subject: user.id, password: hash })
  }
}
