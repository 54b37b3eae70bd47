import { refuse } from '@uthopp/server-kit/refusal'
import type { Context, Next } from 'koa'

/**
 * Lets only pages of the work surface change anything.
 *
 * Browsers name the page's origin on every POST; a request without one, and without fetch metadata, was sent by no page
 * and hence by nobody's cookie jar but the caller's own.
 */
export const sameOriginOnly = (origins: readonly string[]) => async (ctx: Context, next: Next) => {
  if (ctx.method === 'GET' || ctx.method === 'HEAD') return next()
  const origin = ctx.get('origin')
  const site = ctx.get('sec-fetch-site')
  const allowed = origin === '' ? site === '' || site === 'same-origin' : origins.includes(origin)
  if (!allowed) refuse(403, 'foreign_origin', 'this request did not come from the work surface')
  return next()
}
