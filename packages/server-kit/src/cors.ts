import type { Context } from 'koa'

/** What a route lets pages of other origins do. Cookies never travel: no policy of ours allows credentials. */
export type CorsPolicy = {
  readonly origin: string
  readonly methods?: readonly string[]
  readonly requestHeaders?: readonly string[]
  readonly exposeHeaders?: readonly string[]
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
const REQUEST_HEADERS = [
  'accept',
  'authorization',
  'content-type',
  'dpop',
  'if-match',
  'if-none-exist',
  'if-none-match',
  'prefer',
  'traceparent',
]
const EXPOSE_HEADERS = [
  'content-location',
  'etag',
  'last-modified',
  'location',
  'retry-after',
  'www-authenticate',
  'x-correlation-id',
]
/** Chromium's ceiling; longer is cut. */
const MAX_AGE_SECONDS = '7200'

/** Answers a preflight whole and says so, or adds the headers of an ordinary cross-origin answer. */
export function answerCors(ctx: Context, policy: CorsPolicy): 'preflight' | 'ordinary' {
  // With `*` everybody hears the same, so that a cache may hand anybody's answer to anybody.
  if (policy.origin !== '*') {
    ctx.vary('Origin')
    if (ctx.get('origin') === '') return 'ordinary'
  }
  ctx.set('access-control-allow-origin', policy.origin)
  if (ctx.method !== 'OPTIONS' || ctx.get('origin') === '' || ctx.get('access-control-request-method') === '') {
    ctx.set('access-control-expose-headers', (policy.exposeHeaders ?? EXPOSE_HEADERS).join(', '))
    return 'ordinary'
  }
  ctx.set('access-control-allow-methods', (policy.methods ?? METHODS).join(', '))
  ctx.set('access-control-allow-headers', (policy.requestHeaders ?? REQUEST_HEADERS).join(', '))
  ctx.set('access-control-max-age', MAX_AGE_SECONDS)
  ctx.status = 204
  return 'preflight'
}
