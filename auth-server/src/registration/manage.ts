import type { AppContext } from '@uthopp/server-kit/http-app'
import { readJson } from '@uthopp/server-kit/body'
import { refuse } from '@uthopp/server-kit/refusal'
import { sameText } from '@uthopp/server-kit/same-text'
import type { Client } from '#src/clients/client.ts'
import { newSecret, secretHash } from '#src/launch/secrets.ts'
import type { EventFields, LaunchEvents } from '#src/launch/events.ts'
import type { ClientStore } from '#src/storage/clients.ts'
import type { Registrations } from '#src/storage/registrations.ts'
import type { World } from './address.ts'
import { registeredOf } from './client-of.ts'
import { isFault } from './fault.ts'
import { formatRegistration } from './format-registration.ts'
import { parseClientMetadata } from './metadata.ts'
import { withinCeiling } from './scope.ts'
import { afterChange } from './widened.ts'

type ManageDeps = {
  readonly issuer: string
  readonly clients: ClientStore
  readonly registrations: Registrations
  readonly world: World
  readonly events: LaunchEvents
  readonly now: () => Date
}

/** RFC 7592 §2.2: what only the server says, and a client must not send back. */
const OURS = ['registration_access_token', 'registration_client_uri', 'client_secret_expires_at', 'client_id_issued_at']

/** A registration, and the token that was shown for it. */
type Managed = { readonly client: Client; readonly token: string }

/** RFC 7592 §3: an unknown client, one of the deployment and a wrong token are not told apart. */
async function requireManaged(deps: ManageDeps, ctx: AppContext, clientId: string): Promise<Managed> {
  const token = /^Bearer +(?<token>\S+)$/i.exec(ctx.get('authorization'))?.groups?.['token'] ?? ''
  const client = await deps.clients.find(clientId)
  if (client?.registration !== undefined && sameText(client.registration.tokenHash, secretHash(token)))
    return { client, token }
  return refuse(401, 'invalid_token', 'the registration access token of this client is needed', {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  })
}

/** RFC 7592 §3 wants token and address in every answer; the token is the one that was shown, since only its hash is kept. */
const managedAnswer = ({ issuer }: ManageDeps, client: Client, token: string): Record<string, unknown> => ({
  ...formatRegistration(client),
  registration_access_token: token,
  registration_client_uri: `${issuer}/register/${client.clientId}`,
})

type Secret = { readonly hash: string; readonly fresh: string | undefined }

/** A secret that is there is kept; a client that had none and now needs one gets it in the answer, once. */
function secretOf(client: Client): Secret {
  if ('secretHash' in client.authentication) return { hash: client.authentication.secretHash, fresh: undefined }
  const fresh = newSecret()
  return { hash: secretHash(fresh), fresh }
}

/** RFC 7592 §2.2: the whole registration anew, under every rule of registering. */
async function update(
  deps: ManageDeps,
  ctx: AppContext,
  { client, token }: Managed,
  about: EventFields,
): Promise<void> {
  const sent = await readJson(ctx)
  const members: Readonly<Record<string, unknown>> = typeof sent === 'object' && sent !== null ? { ...sent } : {}
  const wrong = OURS.find((name) => name in members)
  if (wrong !== undefined) return refuse(400, 'invalid_client_metadata', `\`${wrong}\` is not the client's to say`)
  if (members['client_id'] !== client.clientId)
    return refuse(400, 'invalid_client_metadata', '`client_id` must be the one of this address')
  const metadata = withinCeiling(parseClientMetadata(sent, deps.world), client.registration?.ceiling ?? null)
  if (isFault(metadata)) return refuse(400, metadata.code, metadata.reason)
  if (metadata.grantTypes.includes('client_credentials') !== client.grantTypes.includes('client_credentials'))
    return refuse(400, 'invalid_client_metadata', 'an app does not become a backend service, nor the other way round')
  const secret = secretOf(client)
  const given = members['client_secret']
  if (given !== undefined && !(typeof given === 'string' && sameText(secretHash(given), secret.hash)))
    return refuse(400, 'invalid_client_metadata', '`client_secret` is not the one given')
  const {
    client: changed,
    widened,
    isLost,
  } = afterChange(deps.world, client, {
    ...client,
    ...registeredOf(metadata, () => secret.hash),
  })
  const fields = {
    ...about,
    ...(widened === undefined ? {} : { rule: `${isLost ? 'approval-lost' : 'widened'}-${widened}` }),
  }
  const replaced = await deps.events.deed((tell) =>
    deps.registrations.replace(changed, deps.now(), (inside) => tell(inside, 'client-updated', fields)),
  )
  if (!replaced) return refuse(401, 'invalid_token', 'this client has gone')
  ctx.body = {
    ...managedAnswer(deps, changed, token),
    ...('secretHash' in changed.authentication && secret.fresh !== undefined
      ? { client_secret: secret.fresh, client_secret_expires_at: 0 }
      : {}),
  }
}

/** `GET|PUT|DELETE <issuer>/register/<client id>` (RFC 7592). */
export const manageRegistration =
  (deps: ManageDeps) =>
  async (ctx: AppContext, clientId: string): Promise<void> => {
    ctx.set('pragma', 'no-cache')
    const managed = await requireManaged(deps, ctx, clientId)
    const about = { clientId, correlationId: ctx.state.trace.traceId }
    if (ctx.method === 'PUT') return update(deps, ctx, managed, about)
    if (ctx.method === 'DELETE') {
      await deps.events.deed((tell) =>
        deps.clients.remove(clientId, deps.now(), (inside) => tell(inside, 'client-removed', about)),
      )
      ctx.status = 204
      return
    }
    ctx.body = managedAnswer(deps, managed.client, managed.token)
  }
