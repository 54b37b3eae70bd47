import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import type { SigningKey } from './keys.ts'
import { askPeer } from './peer.ts'
import { Refusal } from './refusal.ts'
import type { Trace } from './trace.ts'

const ASSERTION_SECONDS = 60

export type ClientCredentials = {
  readonly issuer: string
  readonly clientId: string
  /** Its public half stands at the address the client is registered with. */
  readonly key: SigningKey
  readonly scope: string
  readonly now: () => Date
}

export type GrantedToken = { readonly token: string; readonly expiresInSeconds: number }

/** Asks one trust's authorization server for a token of our own (RFC 6749 §4.4, `private_key_jwt` of RFC 7523); 502 when refused. */
export async function requestToken(
  trace: Trace,
  { issuer, clientId, key, scope, now }: ClientCredentials,
  limits: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
): Promise<GrantedToken> {
  const at = Math.floor(now().getTime() / 1000)
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT' })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(`${issuer}/token`)
    .setIssuedAt(at)
    .setExpirationTime(at + ASSERTION_SECONDS)
    .setJti(randomUUID())
    .sign(key.privateKey)
  const answer = await askPeer(trace, 'the authorization server', `${issuer}/token`, {
    ...limits,
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }),
  })
  const body = await readObject(answer)
  const { access_token: token, expires_in: expiresInSeconds } = body
  if (answer.ok && typeof token === 'string' && typeof expiresInSeconds === 'number') return { token, expiresInSeconds }
  const code = typeof body['error'] === 'string' ? body['error'] : answer.status
  throw new Refusal(502, 'bad_gateway', `the authorization server refused \`${clientId}\`: \`${code}\``)
}

/** The members of a JSON answer; none when it is no object. */
export async function readObject(answer: Response): Promise<Readonly<Record<string, unknown>>> {
  const content: unknown = await answer.json().catch(() => ({}))
  return typeof content === 'object' && content !== null ? Object.fromEntries(Object.entries(content)) : {}
}
