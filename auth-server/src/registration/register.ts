import type { AppContext } from '@uthopp/server-kit/http-app'
import { readJson } from '@uthopp/server-kit/body'
import { refuse } from '@uthopp/server-kit/refusal'
import type { Client } from '#src/clients/client.ts'
import { newId, newSecret, secretHash } from '#src/launch/secrets.ts'
import type { LaunchEvents } from '#src/launch/events.ts'
import { addressOf } from '#src/limits/caller.ts'
import type { InitialTokens } from '#src/storage/initial-tokens.ts'
import type { World } from './address.ts'
import type { Admission } from './admission.ts'
import { requireRegistrant } from './admitted.ts'
import { registeredOf } from './client-of.ts'
import { formatRegistration } from './format-registration.ts'
import { parseClientMetadata } from './metadata.ts'

const newClientId = (): string => `app-${newId(20)}`

/** RFC 7591 registration. What is approved is approved for EHR launches only (contracts §4). */
export const register =
  (deps: {
    readonly issuer: string
    readonly admission: Admission
    readonly world: World
    readonly initialTokens: InitialTokens
    readonly now: () => Date
    readonly events: LaunchEvents
  }) =>
  async (ctx: AppContext): Promise<void> => {
    deps.admission.count(addressOf(ctx, deps.issuer))
    const registrantFor = await requireRegistrant(deps, ctx)
    const metadata = parseClientMetadata(await readJson(ctx), deps.world)
    if ('kind' in metadata) return refuse(400, metadata.code, metadata.reason)
    const secret = newSecret()
    const management = newSecret()
    const registrant = registrantFor(metadata.grantTypes.includes('client_credentials'))
    const client: Client = {
      clientId: newClientId(),
      ...registeredOf(metadata, () => secretHash(secret)),
      registration: { tokenHash: secretHash(management), issuedAtSeconds: Math.floor(deps.now().getTime() / 1000) },
      ...(await registrant.spend()),
      host: undefined,
    }
    try {
      await deps.admission.admit(client, ctx.state.trace.traceId)
    } catch (error) {
      await registrant.giveBack()
      throw error
    }
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
