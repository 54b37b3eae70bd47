import { type Client, smartLevelOf } from '#src/clients/client.ts'

const keysOf = ({ authentication }: Client): Readonly<Record<string, unknown>> => {
  if (authentication.method !== 'private_key_jwt') return {}
  const { keys } = authentication
  return keys.kind === 'inline' ? { jwks: keys.jwks } : { jwks_uri: keys.jwksUri }
}

/** RFC 7591 §3.2.1: everything registered goes back, so that the developer sees what was changed or left out. */
export const formatRegistration = (client: Client): Record<string, unknown> => ({
  client_id: client.clientId,
  ...(client.registration === undefined ? {} : { client_id_issued_at: client.registration.issuedAtSeconds }),
  client_name: client.name,
  redirect_uris: client.redirectUris,
  launch_uris: client.launchUris,
  grant_types: client.grantTypes,
  response_types: client.backend === undefined ? ['code'] : [],
  token_endpoint_auth_method: client.authentication.method,
  ...keysOf(client),
  id_token_signed_response_alg: client.idTokenAlg,
  scope: client.scope,
  access_token_format: client.accessTokenFormat ?? 'jwt',
  smart_level: smartLevelOf(client),
  zone: client.zone,
  approval: client.backend ?? client.approval,
})
