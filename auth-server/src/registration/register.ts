import type { AppContext } from '@uthopp/server-kit/http-app'
import { readJson } from '@uthopp/server-kit/body'
import { refuse } from '@uthopp/server-kit/refusal'
import type { Client, ClientAuthentication } from '#src/clients/client.ts'
import { inlineKeys } from '#src/clients/inline-keys.ts'
import { newId, newSecret, secretHash } from '#src/launch/secrets.ts'
import type { LaunchEvents } from '#src/launch/events.ts'
import { addressOf } from '#src/limits/caller.ts'
import type { World } from './address.ts'
import type { Admission } from './admission.ts'
import { type ClientMetadata, parseClientMetadata } from './metadata.ts'

const newClientId = (): string => `app-${newId(20)}`

function authenticationOf(metadata: ClientMetadata, secret: string): ClientAuthentication {
  const { method } = metadata
  if (method === 'none') return { method }
  if (method !== 'private_key_jwt') return { method, secretHash: secretHash(secret) }
  if (metadata.jwksUri !== undefined) return { method, keys: { kind: 'address', jwksUri: metadata.jwksUri } }
  return { method, keys: inlineKeys(metadata.jwks ?? { keys: [] }) }
}

/** RFC 7591 registration. In the demo world an app is approved at once, for EHR launches only, and marked so (contracts §4). */
export const register =
  (deps: {
    readonly issuer: string
    readonly admission: Admission
    readonly world: World
    readonly now: () => Date
    readonly events: LaunchEvents
  }) =>
  async (ctx: AppContext): Promise<void> => {
    if (deps.world === 'production') {
      refuse(401, 'invalid_token', 'registration needs an initial access token from the trust', {
        headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
      })
    }
    deps.admission.count(addressOf(ctx, deps.issuer))
    const metadata = parseClientMetadata(await readJson(ctx), deps.world)
    if ('kind' in metadata) return refuse(400, metadata.code, metadata.reason)
    const secret = newSecret()
    const client: Client = {
      clientId: newClientId(),
      name: metadata.name,
      redirectUris: metadata.redirectUris,
      launchUris: metadata.launchUris,
      grantTypes: metadata.grantTypes,
      authentication: authenticationOf(metadata, secret),
      scope: metadata.scope,
      idTokenAlg: metadata.idTokenAlg,
      zone: 'internal',
      ...(metadata.grantTypes.includes('client_credentials')
        ? { approval: 'none', backend: 'demo-automatic' }
        : { approval: 'demo-automatic' }),
      host: undefined,
    }
    await deps.admission.admit(client, ctx.state.trace.traceId)
    deps.events.tell('client-registered', { clientId: client.clientId, correlationId: ctx.state.trace.traceId })
    ctx.status = 201
    ctx.set('pragma', 'no-cache')
    ctx.body = formatRegistration(client, metadata, secret, deps.now())
  }

/** RFC 7591 §3.2.1: everything registered goes back, so that the developer sees what was changed or left out. */
function formatRegistration(
  client: Client,
  metadata: ClientMetadata,
  secret: string,
  now: Date,
): Record<string, unknown> {
  const { authentication } = client
  return {
    client_id: client.clientId,
    client_id_issued_at: Math.floor(now.getTime() / 1000),
    ...('secretHash' in authentication ? { client_secret: secret, client_secret_expires_at: 0 } : {}),
    client_name: client.name,
    redirect_uris: client.redirectUris,
    launch_uris: client.launchUris,
    grant_types: client.grantTypes,
    response_types: client.backend === undefined ? ['code'] : [],
    token_endpoint_auth_method: authentication.method,
    ...(metadata.jwks === undefined ? {} : { jwks: metadata.jwks }),
    ...(metadata.jwksUri === undefined ? {} : { jwks_uri: metadata.jwksUri }),
    id_token_signed_response_alg: client.idTokenAlg,
    scope: client.scope,
    zone: client.zone,
    approval: client.backend ?? client.approval,
  }
}
