import { readRaw } from '@uthopp/server-kit/body'
import type { AppContext } from '@uthopp/server-kit/http-app'
import type { Issuer } from '#src/issuer.ts'
import { isPrefetch } from '#src/launch/start.ts'
import { errorPage } from '#src/pages/error-page.ts'
import { show } from '#src/pages/show.ts'
import { handOver } from '#src/provider/front.ts'

function showRefused(ctx: AppContext, issuer: Issuer, status: number, code: string): void {
  const acceptLanguage = ctx.get('accept-language')
  const correlationId = ctx.state.trace.traceId
  show(ctx, status, errorPage({ code, acceptLanguage, correlationId, frameAncestors: issuer.hostOrigins }))
}

/** `GET|POST <issuer>/auth`: what must not reach the library is answered here; the library may end on a page of ours, with its own policy. */
export async function authorize(ctx: AppContext, issuer: Issuer): Promise<void> {
  if (isPrefetch(ctx)) return showRefused(ctx, issuer, 403, 'start_foreign')
  const body = ctx.method === 'POST' ? await readRaw(ctx) : undefined
  const parameters = new URLSearchParams(body === undefined ? ctx.querystring : body.toString('utf8'))
  // Of two addresses neither is the one that was registered, and none at all leads nowhere (SMART App Launch 2.2.0: required).
  const [redirectUri, second] = parameters.getAll('redirect_uri')
  if (redirectUri === undefined || redirectUri === '' || second !== undefined)
    return showRefused(ctx, issuer, 400, 'invalid_redirect_uri')
  // The library would answer `form_post` with a page of its own; nobody knows this word, so the refusal goes by redirect.
  if (parameters.get('response_mode') === 'form_post') {
    parameters.set('response_mode', 'unsupported')
    if (body === undefined) ctx.req.url = `${ctx.path}?${parameters.toString()}`
    return handOver(ctx, issuer.issuer, issuer.provider.callback, body && Buffer.from(parameters.toString()))
  }
  await handOver(ctx, issuer.issuer, issuer.provider.callback, body)
}
