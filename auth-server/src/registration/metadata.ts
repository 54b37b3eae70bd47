import type { JSONWebKeySet } from 'jose'
import type { Client, GrantType } from '#src/clients/client.ts'
import { readKeySet } from '#src/clients/key-sets.ts'
import { addressFault, type World } from './address.ts'
import { type Extensions, readExtensions } from './extensions.ts'
import { fault, isFault, type MetadataFault } from './fault.ts'
import { readScope } from './scope.ts'

/** What an app developer told us (RFC 7591 §2, plus `launch_uris`), as far as we understand it. */
export type ClientMetadata = Extensions & {
  readonly name: string
  readonly redirectUris: readonly string[]
  readonly launchUris: readonly string[]
  readonly grantTypes: readonly GrantType[]
  readonly method: 'none' | 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt'
  readonly jwks: JSONWebKeySet | undefined
  readonly jwksUri: string | undefined
  readonly scope: string
  readonly idTokenAlg: Client['idTokenAlg']
}

const MAX_ADDRESSES = 20
const MAX_NAME = 200
const METHODS = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const

type Members = Readonly<Record<string, unknown>>

function readAddresses(
  given: unknown,
  member: string,
  world: World,
  code: MetadataFault['code'],
): readonly string[] | MetadataFault {
  if (given === undefined) return []
  if (!Array.isArray(given) || given.length > MAX_ADDRESSES)
    return fault(`\`${member}\` must be a list of at most ${MAX_ADDRESSES} addresses`, code)
  const addresses: string[] = []
  for (const address of given as unknown[]) {
    const wrong = typeof address === 'string' ? addressFault(address, world) : 'must be text'
    if (wrong !== undefined || typeof address !== 'string') return fault(`an entry of \`${member}\` ${wrong}`, code)
    addresses.push(address)
  }
  return [...new Set(addresses)]
}

function readName(given: unknown): string | MetadataFault {
  if (given === undefined) return 'Unnamed app'
  // Control and direction-changing characters could make one app's tile read as another's.
  if (
    typeof given !== 'string' ||
    given.length > MAX_NAME ||
    given.trim() === '' ||
    !given.isWellFormed() ||
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(given)
  )
    return fault(`\`client_name\` must be plain text of at most ${MAX_NAME} characters`)
  return given.trim()
}

/** A service without people: it registers nothing else, so that no approval reaches over to the other kind. */
const isBackend = (members: Members): boolean => {
  const grants = members['grant_types']
  return Array.isArray(grants) && grants.length === 1 && grants[0] === 'client_credentials'
}

function readGrantTypes(given: unknown, scope: string): readonly GrantType[] | MetadataFault {
  const wantsRefresh = /(^| )(offline|online)_access( |$)/.test(scope)
  if (given === undefined) return wantsRefresh ? ['authorization_code', 'refresh_token'] : ['authorization_code']
  if (!Array.isArray(given)) return fault('`grant_types` must be a list')
  for (const grant of given as unknown[])
    if (grant !== 'authorization_code' && grant !== 'refresh_token')
      return fault('`grant_types` may hold `authorization_code` and `refresh_token`')
  if (!given.includes('authorization_code')) return fault('`grant_types` must hold `authorization_code`')
  return given.includes('refresh_token') ? ['authorization_code', 'refresh_token'] : ['authorization_code']
}

type Keys = Pick<ClientMetadata, 'method' | 'jwks' | 'jwksUri'>

function readAuthentication(given: Members, world: World): Keys | MetadataFault {
  const asked = given['token_endpoint_auth_method'] ?? 'client_secret_basic' // RFC 7591 §2
  const method = METHODS.find((known) => known === asked)
  if (method === undefined) return fault(`\`token_endpoint_auth_method\` must be one of ${METHODS.join(', ')}`)
  const { jwks, jwks_uri: jwksUri } = given
  if (jwks !== undefined && jwksUri !== undefined) return fault('`jwks` and `jwks_uri` exclude each other')
  if (jwksUri !== undefined) {
    const wrong = typeof jwksUri === 'string' ? addressFault(jwksUri, world) : 'must be text'
    if (wrong !== undefined || typeof jwksUri !== 'string') return fault(`\`jwks_uri\` ${wrong}`)
    return { method, jwks: undefined, jwksUri }
  }
  if (jwks !== undefined) {
    const set = readKeySet(jwks)
    return typeof set === 'string' ? fault(`\`jwks\` ${set}`) : { method, jwks: set, jwksUri: undefined }
  }
  if (method === 'private_key_jwt') return fault('`private_key_jwt` needs `jwks` or `jwks_uri`')
  return { method, jwks: undefined, jwksUri: undefined }
}

/** SMART App Launch 2.2.0, "Backend Services": asymmetric keys, and no browser anywhere (SAL-153, SAL-168). */
function readBackend(read: Omit<ClientMetadata, 'grantTypes' | 'idTokenAlg'>): ClientMetadata | MetadataFault {
  if (read.method !== 'private_key_jwt') return fault('a backend service authenticates with `private_key_jwt`')
  if (read.redirectUris.length > 0 || read.launchUris.length > 0)
    return fault('a backend service has no redirect and no launch addresses')
  return { ...read, grantTypes: ['client_credentials'], idTokenAlg: 'RS256' }
}

/** Reads a registration request. Members we do not know are ignored, as RFC 7591 §2 demands. */
export function parseClientMetadata(given: unknown, world: World): ClientMetadata | MetadataFault {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return fault('expected a JSON object')
  const members: Members = { ...given }
  const name = readName(members['client_name'])
  if (isFault(name)) return name
  const redirectUris = readAddresses(members['redirect_uris'], 'redirect_uris', world, 'invalid_redirect_uri')
  if (isFault(redirectUris)) return redirectUris
  const backend = isBackend(members)
  if (redirectUris.length === 0 && !backend)
    return fault('`redirect_uris` must hold at least one address', 'invalid_redirect_uri')
  const launchUris = readAddresses(members['launch_uris'], 'launch_uris', world, 'invalid_client_metadata')
  if (isFault(launchUris)) return launchUris
  const authentication = readAuthentication(members, world)
  if (isFault(authentication)) return authentication
  const scope = readScope(members['scope'], authentication.method !== 'none', backend, world)
  if (isFault(scope)) return scope
  const extensions = readExtensions(members, world)
  if (isFault(extensions)) return extensions
  if (backend) return readBackend({ name, redirectUris, launchUris, scope, ...authentication, ...extensions })
  const grantTypes = readGrantTypes(members['grant_types'], scope)
  if (isFault(grantTypes)) return grantTypes
  const responseTypes = members['response_types'] ?? ['code']
  if (!Array.isArray(responseTypes) || responseTypes.length !== 1 || responseTypes[0] !== 'code')
    return fault('`response_types` may hold `code` only')
  const idTokenAlg = members['id_token_signed_response_alg'] ?? 'RS256'
  if (idTokenAlg !== 'RS256' && idTokenAlg !== 'ES256')
    return fault('`id_token_signed_response_alg` must be RS256 or ES256')
  return { name, redirectUris, launchUris, grantTypes, scope, idTokenAlg, ...authentication, ...extensions }
}
