import { Router } from '@koa/router'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

/** `GET /health/live`, `/health/ready` (200, or 503 with the reason) and `/metrics`, at the root of every port. */
export function healthRouter(options: {
  readonly name: string
  readonly log: Log
  readonly metrics: Metrics
  readonly ready: () => Promise<string | undefined>
  readonly warnings?: (() => readonly string[]) | undefined
}): Router {
  const router = new Router()
  router.get('/health/live', (ctx) => {
    ctx.body = { status: 'live', process: options.name }
  })
  router.get('/health/ready', async (ctx) => {
    const reason = await options.ready().catch((error: unknown) => {
      options.log.error('readiness-check-failed', { error })
      return 'the readiness check failed'
    })
    const warnings = options.warnings?.() ?? []
    ctx.status = reason === undefined ? 200 : 503
    ctx.body = {
      status: reason === undefined ? 'ready' : 'not ready',
      process: options.name,
      ...(reason === undefined ? {} : { reason }),
      ...(warnings.length === 0 ? {} : { warnings }),
    }
  })
  router.get('/metrics', async (ctx) => {
    ctx.type = options.metrics.registry.contentType
    ctx.body = await options.metrics.registry.metrics()
  })
  return router
}
