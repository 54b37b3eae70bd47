import type { Client, ClientAuthentication } from '#src/clients/client.ts'
import { inlineKeys } from '#src/clients/inline-keys.ts'
import type { ClientMetadata } from './metadata.ts'

export type Registered = Pick<
  Client,
  | 'name'
  | 'redirectUris'
  | 'launchUris'
  | 'grantTypes'
  | 'authentication'
  | 'scope'
  | 'idTokenAlg'
  | 'accessTokenFormat'
  | 'smartLevel'
>

function authenticationOf(metadata: ClientMetadata, hashOfSecret: () => string): ClientAuthentication {
  const { method } = metadata
  if (method === 'none') return { method }
  if (method !== 'private_key_jwt') return { method, secretHash: hashOfSecret() }
  if (metadata.jwksUri !== undefined) return { method, keys: { kind: 'address', jwksUri: metadata.jwksUri } }
  return { method, keys: inlineKeys(metadata.jwks ?? { keys: [] }) }
}

/** What a registration says about a client; the rest is the trust's. */
export const registeredOf = (metadata: ClientMetadata, hashOfSecret: () => string): Registered => ({
  name: metadata.name,
  redirectUris: metadata.redirectUris,
  launchUris: metadata.launchUris,
  grantTypes: metadata.grantTypes,
  authentication: authenticationOf(metadata, hashOfSecret),
  scope: metadata.scope,
  idTokenAlg: metadata.idTokenAlg,
  accessTokenFormat: metadata.accessTokenFormat,
  smartLevel: metadata.smartLevel,
})
