import type { JSONWebKeySet } from 'jose'
import type { AdapterPayload } from 'oidc-provider'
import { type Client, smartLevelOf } from '#src/clients/client.ts'
import { readInlineKeys } from '#src/clients/inline-keys.ts'
import type { KeySets } from '#src/clients/key-sets.ts'
import { type KeyName, keysNamed } from '#src/clients/named-key.ts'
import { isPublicKey } from '#src/clients/public-key.ts'

/** A client in the library's words (OpenID Connect Dynamic Client Registration names). */
export type LibraryClient = AdapterPayload

/** Where the registered SMART scopes travel: the library's own `scope` takes only names it knows. */
export const SMART_SCOPE = 'smart_scope'
/** True for clients the trust has approved as backend services. */
export const SMART_BACKEND = 'smart_backend'

/** `jwt` or `opaque`: what this client's access tokens are. */
export const SMART_TOKENS = 'smart_tokens'
/** Which SMART App Launch the client was written for. */
export const SMART_LEVEL = 'smart_level'

/** Without its keys a client cannot be known; the log of `createKeySets` has the reason. */
const noKeys = (): JSONWebKeySet => ({ keys: [] })

/**
 * The one key that an assertion may be checked with, given inline; no key where it names none or several, or there is no assertion.
 *
 * The library would try every key of a name, keep a fetched set for at least a minute whatever its headers say, fail an unknown
 * key id meanwhile and refuse addresses inside a hospital; so the policy is ours (`oidc-provider-notes.md` §4) and it never
 * fetches.
 */
async function keysOf(
  client: Client,
  keySets: KeySets,
  named: KeyName | undefined,
): Promise<{ readonly jwks?: JSONWebKeySet }> {
  if (client.authentication.method !== 'private_key_jwt') return {}
  if (named === undefined) return { jwks: noKeys() }
  const { keys } = client.authentication
  const all = keys.kind === 'inline' ? readInlineKeys(keys) : await keySets.find(keys.jwksUri, named).catch(noKeys)
  const [key, second] = keysNamed(all.keys, named)
  // A key the library cannot read would make it refuse the client with words of its own (SAL-166).
  return { jwks: key !== undefined && second === undefined && isPublicKey(key) ? { keys: [key] } : noKeys() }
}

export async function libraryClientOf(
  client: Client,
  keySets: KeySets,
  named: KeyName | undefined,
): Promise<LibraryClient> {
  const { authentication } = client
  return {
    client_id: client.clientId,
    client_name: client.name,
    application_type: 'web',
    redirect_uris: [...client.redirectUris],
    grant_types: [...client.grantTypes],
    response_types: client.grantTypes.includes('authorization_code') ? ['code'] : [],
    // `fragment` only so that a wrong `response_type` is told as such; codes leave in the query alone (SAL-66, `authorize.ts`).
    response_modes: ['query', 'fragment'],
    token_endpoint_auth_method: authentication.method,
    // The stored hash stands where the library expects the secret; comparing is replaced to match.
    ...('secretHash' in authentication ? { client_secret: authentication.secretHash } : {}),
    ...(await keysOf(client, keySets, named)),
    id_token_signed_response_alg: client.idTokenAlg,
    [SMART_SCOPE]: client.scope,
    [SMART_BACKEND]: client.backend !== undefined,
    [SMART_TOKENS]: client.accessTokenFormat ?? 'jwt',
    [SMART_LEVEL]: smartLevelOf(client),
  }
}
