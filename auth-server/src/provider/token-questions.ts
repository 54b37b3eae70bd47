import { GATEWAY } from '#src/clients/deployment-clients.ts'
import type { LaunchEvents } from '#src/launch/events.ts'

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/**
 * Tells who asked about which token, by the name that may be written down.
 *
 * Not of the gateway: it asks on the way to data, which is told there, and it asks for whatever a stranger sends.
 */
export function tellIntrospected(
  events: LaunchEvents,
  correlationId: string,
  caller: string,
  answer: Readonly<Record<string, unknown>>,
): void {
  if (caller === GATEWAY) return
  const about = { clientId: caller, correlationId }
  if (answer['active'] !== true) return events.tell('token-introspection-empty', about)
  const grantId = textOf(answer['grant_id'])
  const tokenId = textOf(answer['jti'])
  const tokenOf = textOf(answer['client_id'])
  events.tell('token-introspected', about, {
    ...(grantId === undefined ? {} : { grantId }),
    detail: { ...(tokenId === undefined ? {} : { tokenId }), ...(tokenOf === undefined ? {} : { tokenOf }) },
  })
}

/** Tells what was ended; RFC 7009 §2.2 answers a token that is none, or another client's, as if it had been. */
export function tellRevoked(
  events: LaunchEvents,
  about: { readonly clientId: string; readonly correlationId: string },
  ended: { readonly tokenId?: string; readonly grantId?: string } | undefined,
): void {
  if (ended === undefined) return events.tell('token-revocation-empty', about)
  const { tokenId, grantId } = ended
  events.tell('token-revoked', about, {
    ...(grantId === undefined ? {} : { grantId }),
    detail: tokenId === undefined ? {} : { tokenId },
  })
}
