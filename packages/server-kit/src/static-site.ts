import { existsSync } from 'node:fs'
import type { Context, Middleware, Next } from 'koa'
import sirv from 'sirv'
import { refuse } from './refusal.ts'
import { setCsp } from './security-headers.ts'

/**
 * Serves a built web bundle. Files under `/assets/` carry a hash in their name and never change; everything else is asked
 * for anew. `spaFallback` says which paths without a file are pages of the app and get `index.html`.
 */
export function serveSite(options: {
  readonly dir: string
  readonly csp: string
  readonly spaFallback?: (path: string) => boolean
  readonly referrerPolicy?: string
}): Middleware {
  const built = existsSync(options.dir)
  const files = built
    ? sirv(options.dir, {
        etag: true,
        setHeaders: (response, path) =>
          response.setHeader(
            'cache-control',
            path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
          ),
      })
    : undefined
  return async (ctx: Context, next: Next) => {
    const asked = ctx.method === 'GET' || ctx.method === 'HEAD'
    const page = asked && (options.spaFallback?.(ctx.path) ?? false)
    if (page && !files) refuse(503, 'site_not_built', 'the browser bundle is missing; run npm run build')
    const served =
      asked &&
      files !== undefined &&
      ((await serveFile(ctx, options, files)) || (page && (await serveFile(ctx, options, files, '/index.html'))))
    if (!served) await next()
  }
}

/** Lets sirv answer on the raw response; false, and nothing changed, when it has no such file. */
function serveFile(
  ctx: Context,
  options: { readonly csp: string; readonly referrerPolicy?: string },
  files: ReturnType<typeof sirv>,
  instead?: string,
): Promise<boolean> {
  const before = {
    csp: ctx.response.get('content-security-policy'),
    referrer: ctx.response.get('referrer-policy'),
    url: ctx.req.url,
  }
  setCsp(ctx, options.csp)
  ctx.set('referrer-policy', options.referrerPolicy ?? before.referrer)
  if (instead !== undefined) ctx.req.url = instead
  ctx.state['route'] = instead === undefined ? 'static file' : 'page'
  ctx.respond = false
  return new Promise((resolve) => {
    ctx.res.once('close', () => resolve(true))
    const none = () => {
      ctx.respond = true
      delete ctx.state['route']
      setCsp(ctx, before.csp)
      ctx.set('referrer-policy', before.referrer)
      if (before.url !== undefined) ctx.req.url = before.url
      resolve(false)
    }
    files(ctx.req, ctx.res, none)
  })
}
