import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { SmartConfiguration } from './target.ts'

export type AssertionAlgorithm = 'RS384' | 'ES384'
type ClientMethod = 'none' | 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt'

/** One way for an app to be known to the server. */
export type ClientKind = {
  readonly name: string
  readonly method: ClientMethod
  readonly algorithm?: AssertionAlgorithm
  readonly keys?: 'inline' | 'address'
  /** Registration members of this server's own; a server that does not say them back has no such kind. */
  readonly members?: { readonly access_token_format?: 'opaque'; readonly smart_level?: '1.0' | '2.0' }
}

/** SMART 1.0 knew no PKCE; its clients send none, and v1 scopes (SAL-237). */
export const isBeforePkce = ({ members }: ClientKind): boolean => members?.smart_level === '1.0'

export const CLIENT_KINDS: readonly ClientKind[] = [
  { name: 'public', method: 'none' },
  { name: 'symmetric, basic', method: 'client_secret_basic' },
  { name: 'symmetric, post', method: 'client_secret_post' },
  { name: 'RS384, inline keys', method: 'private_key_jwt', algorithm: 'RS384', keys: 'inline' },
  { name: 'ES384, inline keys', method: 'private_key_jwt', algorithm: 'ES384', keys: 'inline' },
  { name: 'RS384, keys by address', method: 'private_key_jwt', algorithm: 'RS384', keys: 'address' },
  { name: 'ES384, keys by address', method: 'private_key_jwt', algorithm: 'ES384', keys: 'address' },
  { name: 'public, opaque tokens', method: 'none', members: { access_token_format: 'opaque' } },
  { name: 'symmetric, opaque tokens', method: 'client_secret_basic', members: { access_token_format: 'opaque' } },
  { name: 'public, SMART 1.0', method: 'none', members: { smart_level: '1.0' } },
  { name: 'symmetric, SMART 1.0', method: 'client_secret_basic', members: { smart_level: '1.0' } },
]

/** What discovery promises for this kind (SMART App Launch 2.2.0 §1.4 of our checklist). */
export const isOffered = (kind: ClientKind, smart: SmartConfiguration): boolean =>
  (smart.token_endpoint_auth_methods_supported.includes(kind.method) ||
    (kind.method === 'none' && smart.capabilities.includes('client-public'))) &&
  (kind.algorithm === undefined ||
    smart.token_endpoint_auth_signing_alg_values_supported?.includes(kind.algorithm) === true)

type ClientKey = { readonly alg: AssertionAlgorithm; readonly kid: string; readonly privateKey: CryptoKey }

export type RegisteredClient = {
  readonly kind: ClientKind
  readonly clientId: string
  readonly clientSecret: string | undefined
  readonly key: ClientKey | undefined
  readonly redirectUri: string
  readonly launchUri: string
  readonly scope: string
  /** Puts the credentials of this client on a form for `endpoint`. */
  authenticate(endpoint: string, form: Form): Promise<{ readonly form: Form; readonly headers: Form }>
}

export type Form = Readonly<Record<string, string>>

/** Serves key sets at loopback addresses, one a client, as vendors do at theirs. */
export type KeyServer = { publish(key: JWK): string; close(): Promise<void> }

export async function serveKeys(): Promise<KeyServer> {
  const sets = new Map<string, JWK>()
  const server = createServer((request, response) => {
    const key = sets.get(request.url ?? '')
    response.writeHead(key === undefined ? 404 : 200, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
    })
    response.end(JSON.stringify({ keys: [key] }))
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the key server has no port')
  return {
    publish: (key) => {
      const path = `/${randomUUID()}/jwks.json`
      sets.set(path, key)
      return `http://127.0.0.1:${address.port}${path}`
    },
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections()
        server.close(() => closed())
      }),
  }
}

async function makeKey(alg: AssertionAlgorithm): Promise<{ readonly key: ClientKey; readonly publicJwk: JWK }> {
  const pair = await generateKeyPair(alg)
  const kid = randomUUID()
  return {
    key: { alg, kid, privateKey: pair.privateKey },
    publicJwk: { ...(await exportJWK(pair.publicKey)), kid, alg, use: 'sig', key_ops: ['verify'] },
  }
}

/** An assertion as the Inferno kits send it: no `iat`, five minutes exactly (§27.5 of our checklist). */
const signAssertion = (key: ClientKey, clientId: string, audience: string): Promise<string> =>
  new SignJWT({ iss: clientId, sub: clientId, aud: audience, jti: randomUUID() })
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT' })
    .setExpirationTime('300s')
    .sign(key.privateKey)

async function credentialsFor(
  client: Pick<RegisteredClient, 'kind' | 'clientId' | 'clientSecret' | 'key'>,
  endpoint: string,
  tokenEndpoint: string,
): Promise<{ form: Form; headers: Form }> {
  const { clientId, clientSecret = '', key } = client
  switch (client.kind.method) {
    case 'none':
      return { form: { client_id: clientId }, headers: {} }
    case 'client_secret_basic':
      // Not form-encoded before base64, as SMART's own example (SAL-155).
      return { form: {}, headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` } }
    case 'client_secret_post':
      return { form: { client_id: clientId, client_secret: clientSecret }, headers: {} }
    case 'private_key_jwt': {
      if (key === undefined) throw new Error(`${endpoint}: a client without a key cannot sign`)
      const form = {
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await signAssertion(key, clientId, tokenEndpoint),
      }
      return { form, headers: {} }
    }
  }
}

export type RegistrationOptions = {
  readonly scope: string
  readonly keyServer: KeyServer
  readonly origin?: string
  readonly metadata?: Readonly<Record<string, unknown>>
}

/** Registers an app of one kind (RFC 7591). Its addresses need no server: the flows read the redirects themselves. */
export async function registerClient(
  smart: SmartConfiguration,
  kind: ClientKind,
  { scope, keyServer, origin = 'http://127.0.0.1:59997', metadata = {} }: RegistrationOptions,
): Promise<RegisteredClient> {
  const launchUri = `${origin}/launch`
  const redirectUri = `${origin}/redirect`
  const made = kind.algorithm === undefined ? undefined : await makeKey(kind.algorithm)
  const keys =
    made === undefined
      ? {}
      : kind.keys === 'address'
        ? { jwks_uri: keyServer.publish(made.publicJwk) }
        : { jwks: { keys: [made.publicJwk] } }
  const answer = await fetch(smart.registration_endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: `Conformance, ${kind.name}`,
      redirect_uris: [redirectUri],
      launch_uris: [launchUri],
      scope,
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: kind.method,
      ...keys,
      ...kind.members,
      ...metadata,
    }),
  })
  const body = (await answer.json()) as Record<string, unknown>
  if (answer.status !== 201) throw new Error(`registration answered ${answer.status} ${String(body['error'])}`)
  for (const [name, value] of Object.entries(kind.members ?? {}))
    if (body[name] !== value) throw new Error(`registration did not take \`${name}\``)
  const clientId = String(body['client_id'])
  const clientSecret = typeof body['client_secret'] === 'string' ? body['client_secret'] : undefined
  const known = { kind, clientId, clientSecret, key: made?.key }
  return {
    ...known,
    redirectUri,
    launchUri,
    scope,
    authenticate: async (endpoint, form) => {
      const credentials = await credentialsFor(known, endpoint, smart.token_endpoint)
      return { form: { ...form, ...credentials.form }, headers: credentials.headers }
    },
  }
}
