import { type Adapter, type AdapterPayload, errors } from 'oidc-provider'
import type { LaunchEvents } from '#src/launch/events.ts'
import type { OidcRows } from '#src/storage/oidc-rows.ts'
import { endGrant } from './grant-ended.ts'
import { isOpaqueModel, opaqueName } from './opaque-tokens.ts'
import type { LibraryClient } from './client-metadata.ts'

/** Finds a client as the library wants to see it; the library caches none of what is behind this. */
export type FindLibraryClient = (clientId: string) => Promise<LibraryClient | undefined>

const optionalText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/**
 * Puts the library's persistence on our rows.
 *
 * The library finds, looks and then writes; what makes "once" true is here: a lost race throws the library's own error, so that
 * the loser of two redemptions hears `invalid_grant` and the replayed assertion `invalid_client`.
 */
export function createAdapter(rows: OidcRows, findClient: FindLibraryClient, events: LaunchEvents, now: () => Date) {
  const end = (grantId: string) => endGrant({ rows, events, now }, grantId, 'replayed')
  return (model: string): Adapter => {
    const payloadOf = (found: Awaited<ReturnType<OidcRows['find']>>): AdapterPayload | undefined =>
      found && {
        ...found.payload,
        ...(found.consumedAt === undefined ? {} : { consumed: Math.floor(found.consumedAt.getTime() / 1000) }),
      }
    return {
      async upsert(id, payload, expiresIn) {
        const row = {
          model,
          id,
          payload: { ...payload },
          grantId: optionalText(payload.grantId),
          uid: optionalText(payload.uid),
          expiresAt: expiresIn === undefined ? undefined : new Date(now().getTime() + expiresIn * 1000),
        }
        if (model !== 'ReplayDetection') return rows.put(row)
        if (!(await rows.putOnce(row)))
          throw new errors.InvalidClientAuth('client assertion tokens must only be used once')
      },
      async find(id) {
        return model === 'Client' ? findClient(id) : payloadOf(await rows.find(model, id))
      },
      async findByUid(uid) {
        return payloadOf(await rows.findByUid(model, uid))
      },
      async findByUserCode() {
        return undefined // the device flow is off
      },
      async consume(id) {
        if (await rows.consume(model, id, now())) return
        // The library revokes for a replay it can see; a code lost in a race is a replay too (RFC 6749 §4.1.2).
        const grantId = optionalText((await rows.find(model, id))?.payload['grantId'])
        if (model === 'AuthorizationCode' && grantId !== undefined) await end(grantId)
        throw new errors.InvalidGrant('already consumed')
      },
      async destroy(id) {
        if (!isOpaqueModel(model)) return rows.destroy(model, id)
        await rows.destroyToken({ model, id, name: opaqueName(id) }, now())
      },
      async revokeByGrantId(grantId) {
        await end(grantId)
      },
    }
  }
}
