import type { AppContext, AppState } from '@uthopp/server-kit/http-app'
import type { Middleware } from 'koa'
import type { Trust } from './open-trust.ts'
import { requireOwnProcess } from './own-process.ts'

/** Everything under `/<orgnr>/dicomweb` is for the gateway, with a token made for this door of the trust. */
export function imagingGuard(trusts: ReadonlyMap<string, Pick<Trust, 'imagingGuard'>>): Middleware<AppState> {
  return async (ctx: AppContext, next) => {
    const orgnr = /^\/(?<orgnr>\d{9})\/dicomweb(?:\/|$)/.exec(ctx.path)?.groups?.['orgnr']
    const trust = orgnr === undefined ? undefined : trusts.get(orgnr)
    if (trust) {
      ctx.state.route = '/:orgnr/dicomweb'
      await requireOwnProcess(ctx, trust.imagingGuard)
    }
    return next()
  }
}
