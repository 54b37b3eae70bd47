import { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider'
import { type KeyName, keyNamedIn, keysNamed } from '#src/clients/named-key.ts'

/** SMART App Launch 2.2.0, "Authenticating to the token endpoint": at most five minutes; clocks may differ by a minute (SAL-160). */
const MAX_LIFETIME_SECONDS = 300 + 60

type Members = Readonly<Record<string, unknown>>

const refuse = (detail: string): never => {
  throw new errors.InvalidClientAuth(detail)
}

const isOurs = (issuer: string, audience: unknown): boolean =>
  typeof audience === 'string' && (audience === issuer || audience.startsWith(`${issuer}/`))

/** What SMART asks of a client assertion beyond RFC 7523. Runs after the signature verified and before its `jti` is recorded. */
export const checkAssertion =
  (issuer: string, now: () => Date, registeredKeyAddress: (clientId: string) => Promise<string | undefined>) =>
  async (_ctx: KoaContextWithOIDC, claims: Members, header: Members, client: Client): Promise<void> => {
    const seconds = now().getTime() / 1000
    if (typeof claims['exp'] !== 'number' || claims['exp'] > seconds + MAX_LIFETIME_SECONDS)
      refuse('exp is too far ahead')
    // The library has found us among the audiences. One that is good elsewhere too could be replayed: by us there, or by them here.
    if (![claims['aud']].flat().every((one) => isOurs(issuer, one))) refuse('aud must name nobody else')
    if (claims['sub'] !== claims['iss']) refuse('sub must equal iss')
    if (typeof header['kid'] !== 'string') refuse('kid is required')
    // No extension is understood here, and JWTs must not use `b64` (RFC 7515 §4.1.11, RFC 7797 §7).
    if ('crit' in header) refuse('crit is not understood')
    const typ = header['typ']
    if (typ !== undefined && (typeof typ !== 'string' || typ.toUpperCase() !== 'JWT')) refuse('typ must be JWT')
    // SAL-163, SAL-164: a `jku` is only ever compared, never fetched.
    if (header['jku'] !== undefined && header['jku'] !== (await registeredKeyAddress(client.clientId)))
      refuse('jku is not the registered address')
    const name = keyNamedIn(header)
    // The library was given the one key of that name, or none; said again here, where everything else about it is said.
    if (name === undefined || keysNamed(client.jwks?.keys ?? [], name).length !== 1)
      refuse('kid and alg must name exactly one key')
  }

/** Reads which key an assertion names, before anything about it is believed. */
export function keyOfAssertion(assertion: unknown): KeyName | undefined {
  if (typeof assertion !== 'string') return undefined
  try {
    return keyNamedIn(JSON.parse(Buffer.from(assertion.split('.', 1)[0] ?? '', 'base64url').toString('utf8')))
  } catch {
    return undefined
  }
}
