import { refuse } from '@uthopp/server-kit/refusal'
import type { Context, Next } from 'koa'

/**
 * Lets only pages of the work surface ask anything, so that no other page can do something in its user's name.
 *
 * Browsers name the page's origin on every POST; a request without one, and without fetch metadata, was sent by no page
 * and hence by nobody's cookie jar but the caller's own.
 */
export const sameOriginOnly = (origins: readonly string[]) => async (ctx: Context, next: Next) => {
  const reads = ctx.method === 'GET' || ctx.method === 'HEAD'
  if (!(reads ? isOwnRead(ctx) : isOwnWrite(ctx, origins)))
    refuse(403, 'foreign_origin', 'this request did not come from the work surface')
  return next()
}

function isOwnWrite(ctx: Context, origins: readonly string[]): boolean {
  const origin = ctx.get('origin')
  const site = ctx.get('sec-fetch-site')
  return origin === '' ? site === '' || site === 'same-origin' : origins.includes(origin)
}

/**
 * Reading about a patient is written into that patient's log, so a page elsewhere must not be able to have it done: neither
 * with an image of that address, which brings the cookie along wherever the page is of the same site (an app beside the host
 * is), nor with a link somebody is led to. Pages of ours fetch; nothing here is navigated to, shown as a picture or framed.
 */
function isOwnRead(ctx: Context): boolean {
  const site = ctx.get('sec-fetch-site')
  const fetched = ctx.get('sec-fetch-dest')
  return (site === '' || site === 'none' || site === 'same-origin') && (fetched === '' || fetched === 'empty')
}
