import type { AppContext } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'
import type { Wait } from './windows.ts'

/**
 * Where a request comes from, as far as that can be known.
 *
 * A process listens on loopback only. Where its outside address is https, something in front ends TLS and adds the address
 * it saw as the last entry of `X-Forwarded-For`; the entries before it are the caller's own words.
 */
export function addressOf(ctx: AppContext, issuer: string): string {
  const forwarded = issuer.startsWith('https:') ? ctx.get('x-forwarded-for').split(',').at(-1)?.trim() : undefined
  return forwarded === undefined || forwarded === '' ? (ctx.req.socket.remoteAddress ?? '') : forwarded
}

/** RFC 6585 §4. No code of RFC 6749 §5.2 or RFC 7591 §3.2.2 means "too often"; this one is registered and means "later". */
export function refuseUntil({ seconds }: Wait, hint: string): never {
  return refuse(429, 'temporarily_unavailable', hint, { headers: { 'retry-after': String(seconds) } })
}
