import type { AppContext } from '@uthopp/server-kit/http-app'
import type { Trust } from '#src/trust.ts'

/**
 * Where a request comes from, as far as that can be known.
 *
 * A process listens on loopback only. Where its outside address is https, something in front ends TLS and adds the address it
 * saw as the last entry of `X-Forwarded-For`; the entries before it are the caller's own words.
 */
export function callerAddress(ctx: AppContext, { fhirBase }: Trust): string {
  const forwarded = fhirBase.startsWith('https:') ? ctx.get('x-forwarded-for').split(',').at(-1)?.trim() : undefined
  return forwarded === undefined || forwarded === '' ? (ctx.req.socket.remoteAddress ?? '') : forwarded
}
