import type { Deployment } from '@uthopp/server-kit/deployment'
import { serveSite } from '@uthopp/server-kit/static-site'
import type { Context, Middleware, Next } from 'koa'
import { workSurfaceCsp } from '#src/work-surface/policy.ts'
import { showFrontPage } from './front-page.ts'

/** The pages of the work surface and of citizens: one built bundle for every trust, its address telling which. */
export function workSurfaceSite(deployment: Deployment, dir: string): Middleware {
  const known = new Set(deployment.trusts.map(({ orgnr }) => orgnr))
  const trustOf = (path: string) => /^\/(?<orgnr>\d{9})(?:\/|$)/.exec(path)?.groups?.['orgnr'] ?? ''
  const site = serveSite({
    dir,
    csp: workSurfaceCsp(deployment),
    spaFallback: (path) => known.has(trustOf(path)) && /^\/\d{9}\/(?:innbygger\/)?$/.test(path),
    // With no-referrer a form's Origin is `null`, and the authorization server starts launches from known origins only.
    referrerPolicy: 'strict-origin',
  })
  return async (ctx: Context, next: Next) => {
    const reads = ctx.method === 'GET' || ctx.method === 'HEAD'
    if (reads && ctx.path === '/') return showFrontPage(ctx, deployment, 200)
    if (reads && /^\/\d{9}(?:\/innbygger)?\/?$/.test(ctx.path) && !known.has(trustOf(ctx.path)))
      return showFrontPage(ctx, deployment, 404)
    const bare = /^\/\d{9}(?:\/innbygger)?$/.test(ctx.path) && known.has(trustOf(ctx.path))
    if (bare && reads) {
      // Forms that work without script post to addresses relative to the page's folder.
      ctx.status = 308
      ctx.set('location', `${ctx.path}/${ctx.search}`)
      ctx.body = null
      ctx.status = 308
      return
    }
    await site(ctx, next)
  }
}
