import { Router } from '@koa/router'
import type { AppState } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'
import { smartStyle } from './smart-style.ts'

/** Serves the style at `/style/<hash>.json`. Apps on any origin read it without credentials, hence the open CORS. */
export function createStyleRouter(): Router<AppState> {
  const { name, body } = smartStyle()
  const router = new Router<AppState>()
  router.get('/style/:file', (ctx) => {
    if (ctx.params['file'] !== name) refuse(404, 'not_found', 'there is no such style')
    ctx.set({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'public, max-age=31536000, immutable',
    })
    ctx.type = 'application/json'
    ctx.body = body
  })
  return router
}
