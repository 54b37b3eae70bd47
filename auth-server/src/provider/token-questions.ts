import { GATEWAY } from '#src/clients/own-process.ts'
import type { Concerned, LaunchEvents } from '#src/launch/events.ts'

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

/** What is told of something ended, by the names that may be written down. */
export const revokedEvent = ({
  tokenId,
  grantId,
}: {
  readonly tokenId?: string
  readonly grantId?: string
}): readonly ['token-revoked', Concerned] => [
  'token-revoked',
  {
    ...(grantId === undefined ? {} : { grantId }),
    detail: tokenId === undefined ? {} : { tokenId },
  },
]
