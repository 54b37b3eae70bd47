import type { AppContext } from '@uthopp/server-kit/http-app'
import { readJson } from '@uthopp/server-kit/body'
import { refuse } from '@uthopp/server-kit/refusal'
import type { Client } from '#src/clients/client.ts'
import { newId, newSecret, secretHash } from '#src/launch/secrets.ts'
import type { LaunchEvents } from '#src/launch/events.ts'
import { addressOf } from '#src/limits/caller.ts'
import type { World } from './address.ts'
import type { Admission } from './admission.ts'
import { registeredOf } from './client-of.ts'
import { formatRegistration } from './format-registration.ts'
import { parseClientMetadata } from './metadata.ts'

const newClientId = (): string => `app-${newId(20)}`

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
    const management = newSecret()
    const client: Client = {
      clientId: newClientId(),
      ...registeredOf(metadata, () => secretHash(secret)),
      registration: { tokenHash: secretHash(management), issuedAtSeconds: Math.floor(deps.now().getTime() / 1000) },
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
    ctx.body = {
      ...formatRegistration(client),
      ...('secretHash' in client.authentication ? { client_secret: secret, client_secret_expires_at: 0 } : {}),
      registration_access_token: management,
      registration_client_uri: `${deps.issuer}/register/${client.clientId}`,
    }
  }
