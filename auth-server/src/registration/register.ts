import type { AuditDetail } from '@uthopp/audit/record'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { readJson } from '@uthopp/server-kit/body'
import { refuse } from '@uthopp/server-kit/refusal'
import { scopesIn } from '@uthopp/smart-core/scope/tokens'
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
import { isFault } from './fault.ts'
import { parseClientMetadata } from './metadata.ts'
import { withinCeiling } from './scope.ts'

const newClientId = (): string => `app-${newId(20)}`

/** For the access log: what the app came to be, and by which token. */
const standingOf = ({ zone, approval, backend, scope }: Client, token: string | undefined): AuditDetail => ({
  zone,
  approval: backend ?? approval,
  registered: scopesIn(scope),
  ...(token === undefined ? {} : { initialToken: token }),
})

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
    const registrant = await requireRegistrant(deps, ctx, addressOf(ctx, deps.issuer))
    const metadata = withinCeiling(parseClientMetadata(await readJson(ctx), deps.world), registrant.scope)
    if (isFault(metadata)) return refuse(400, metadata.code, metadata.reason)
    const secret = newSecret()
    const management = newSecret()
    const client: Client = {
      clientId: newClientId(),
      ...registeredOf(metadata, () => secretHash(secret)),
      registration: {
        tokenHash: secretHash(management),
        issuedAtSeconds: Math.floor(deps.now().getTime() / 1000),
        ...(registrant.scope === null ? {} : { ceiling: registrant.scope }),
      },
      ...(await registrant.spend(metadata.grantTypes.includes('client_credentials'))),
      host: undefined,
    }
    try {
      await deps.admission.admit(client, ctx.state.trace.traceId)
    } catch (error) {
      await registrant.giveBack()
      throw error
    }
    const about = { clientId: client.clientId, correlationId: ctx.state.trace.traceId }
    deps.events.tell('client-registered', about, { detail: standingOf(client, registrant.token) })
    ctx.status = 201
    ctx.set('pragma', 'no-cache')
    ctx.body = {
      ...formatRegistration(client),
      ...('secretHash' in client.authentication ? { client_secret: secret, client_secret_expires_at: 0 } : {}),
      registration_access_token: management,
      registration_client_uri: `${deps.issuer}/register/${client.clientId}`,
    }
  }
