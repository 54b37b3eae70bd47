import type { Configuration } from 'oidc-provider'
import { GRANT_SECONDS } from '#src/launch/desk.ts'

const CODE_SECONDS = 60
const ACCESS_SECONDS = 300
const ID_TOKEN_SECONDS = 3600
/** A working day: `online_access` ends with the host's session, and a host that never says so must not matter longer. */
const ONLINE_SECONDS = 12 * 3600

/** Functions, because the library lets a number override what the resource server says. */
export const lifetimes: NonNullable<Configuration['ttl']> = {
  AccessToken: () => ACCESS_SECONDS,
  ClientCredentials: () => ACCESS_SECONDS,
  AuthorizationCode: () => CODE_SECONDS,
  IdToken: () => ID_TOKEN_SECONDS,
  Grant: () => GRANT_SECONDS,
  RefreshToken: (_ctx, token) => (token.scopes.has('offline_access') ? GRANT_SECONDS : ONLINE_SECONDS),
  // Not used while every launch is silent; named so that no default prints its notice.
  Interaction: () => 600,
  Session: () => 600,
}
