import type { AppContext } from '@uthopp/server-kit/http-app'

/** Lets the pages of every origin read this answer: who asks proves it by what was sent, never by a cookie. */
export function makeReadableAnywhere(ctx: AppContext): void {
  ctx.vary('Origin')
  const origin = ctx.get('origin')
  if (origin !== '') ctx.set('access-control-allow-origin', origin)
}
