import type { Configuration } from 'oidc-provider'
import { OFFLINE_SECONDS, ONLINE_SECONDS } from '#src/launch/lifetime.ts'
import { memoOf } from './memo.ts'

const CODE_SECONDS = 60
const ACCESS_SECONDS = 300
const ID_TOKEN_SECONDS = 3600

/** Time to sign in, find a patient and read what is asked. */
const INTERACTION_SECONDS = 900

/** For how long something signed by us may have to be verified. */
export const LONGEST_TOKEN_SECONDS = Math.max(ACCESS_SECONDS, ID_TOKEN_SECONDS)

/** Never longer than what it leans on (RA-14), and a second at least: what has ended by now was not permitted at all. */
const accessSeconds = (left = ACCESS_SECONDS): number => Math.max(1, Math.min(ACCESS_SECONDS, left))

/** Functions, because the library lets a number override what the resource server says. */
export const lifetimes: NonNullable<Configuration['ttl']> = {
  AccessToken: (ctx) => accessSeconds(memoOf(ctx).accessSeconds),
  ClientCredentials: () => ACCESS_SECONDS,
  AuthorizationCode: () => CODE_SECONDS,
  IdToken: () => ID_TOKEN_SECONDS,
  Grant: () => OFFLINE_SECONDS,
  RefreshToken: (_ctx, token) => (token.scopes.has('offline_access') ? OFFLINE_SECONDS : ONLINE_SECONDS),
  Interaction: () => INTERACTION_SECONDS,
  // No session of the library's is ever kept; named so that no default prints its notice.
  Session: () => 600,
}
