import type { Router } from '@koa/router'
import { readRaw } from '@uthopp/server-kit/body'
import type { CorsPolicy } from '@uthopp/server-kit/cors'
import type { AppContext, AppState } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'
import { setCsp } from '@uthopp/server-kit/security-headers'
import type { Issuer } from '#src/issuer.ts'
import { listApps } from '#src/launch/apps.ts'
import { endLaunches } from '#src/launch/end.ts'
import { offerLaunch } from '#src/launch/offer.ts'
import { checkLaunch, isPrefetch, startLaunch } from '#src/launch/start.ts'
import { openApi } from '#src/openapi/document.ts'
import { errorPage } from '#src/pages/error-page.ts'
import { handOver } from '#src/provider/front.ts'
import { withRefreshClient } from '#src/provider/refresh-client.ts'
import { register } from '#src/registration/register.ts'
import { introspect } from './introspect.ts'
import { makeReadableAnywhere } from './readable-anywhere.ts'

const DISCOVERY_SECONDS = 60

/** Discovery is for everybody; the library answers for its own endpoints by the origins a client registered. */
export const corsOf = (ctx: AppContext): CorsPolicy | undefined =>
  /\/smart-configuration$|\/openapi\.json$/.test(ctx.path) ? { origin: '*', methods: ['GET'] } : undefined

type Params = { readonly params: Readonly<Record<string, string | undefined>> }
type Handler = (ctx: AppContext, issuer: Issuer, params: Params['params']) => Promise<void> | void

/** Every address of the server. `test/openapi` holds this list against the OpenAPI document. */
export function addRoutes(router: Router<AppState>, issuers: ReadonlyMap<string, Issuer>): void {
  const ofIssuer = (handler: Handler) => async (ctx: AppContext & Params) => {
    const issuer = issuers.get(ctx.params['orgnr'] ?? '')
    if (issuer === undefined) return refuse(404, 'not_found', 'there is no such trust here')
    await handler(ctx, issuer, ctx.params)
  }

  router.get('/openapi.json', (ctx) => {
    ctx.body = openApi(undefined)
  })
  router.get(
    '/:orgnr/openapi.json',
    ofIssuer((ctx, { issuer }) => {
      ctx.body = openApi(issuer)
    }),
  )
  router.get(
    '/:orgnr/.well-known/smart-configuration',
    ofIssuer((ctx, { smartConfiguration }) => {
      ctx.set('cache-control', `public, max-age=${DISCOVERY_SECONDS}`)
      ctx.body = smartConfiguration
    }),
  )

  router.post(
    '/:orgnr/launches',
    ofIssuer((ctx, issuer) => offerLaunch(issuer)(ctx)),
  )
  router.post(
    '/:orgnr/launches/end',
    ofIssuer((ctx, issuer) => endLaunches(issuer)(ctx)),
  )
  router.get(
    '/:orgnr/launches/apps',
    ofIssuer((ctx, issuer) => listApps(issuer)(ctx)),
  )
  router.post(
    '/:orgnr/register',
    ofIssuer((ctx, issuer) => register(issuer)(ctx)),
  )

  router.get(
    '/:orgnr/revocations',
    ofIssuer((ctx, { revocationStream }) => revocationStream(ctx)),
  )

  const start = ofIssuer((ctx, issuer, params) => startLaunch(issuer)(ctx, params['secret'] ?? ''))
  router.post('/:orgnr/start/:secret', start)
  router.get('/:orgnr/start/:secret', start)
  router.get(
    '/:orgnr/start/:launch/check',
    ofIssuer((ctx, issuer, params) => checkLaunch(issuer)(ctx, params['launch'] ?? '')),
  )

  const authorize = ofIssuer(async (ctx, issuer) => {
    if (ctx.method === 'HEAD')
      return refuse(405, 'method_not_allowed', 'this address takes GET, POST', { headers: { allow: 'GET, POST' } })
    if (isPrefetch(ctx)) return showPrefetchRefused(ctx, issuer)
    // The library may end on a page of ours; it then brings its own policy.
    await handOver(ctx, issuer.issuer, issuer.provider.callback, ctx.method === 'POST' ? await readRaw(ctx) : undefined)
  })
  router.get('/:orgnr/auth', authorize)
  router.post('/:orgnr/auth', authorize)

  router.post(
    '/:orgnr/token',
    ofIssuer(async (ctx, issuer) => {
      const body = await withRefreshClient(await readRaw(ctx), ctx.get('authorization'), issuer)
      if (body === 'unknown-token') return refuseUnknownToken(ctx)
      await handOver(ctx, issuer.issuer, issuer.provider.callback, body)
    }),
  )
  router.post('/:orgnr/introspect', ofIssuer(introspect))
  router.post(
    '/:orgnr/revoke',
    ofIssuer(async (ctx, issuer) => handOver(ctx, issuer.issuer, issuer.provider.callback, await readRaw(ctx))),
  )
  const plain = ofIssuer((ctx, issuer) => handOver(ctx, issuer.issuer, issuer.provider.callback, undefined))
  for (const path of ['/:orgnr/token', '/:orgnr/introspect', '/:orgnr/revoke']) router.options(path, plain)
  for (const path of ['/:orgnr/jwks', '/:orgnr/.well-known/openid-configuration']) {
    router.get(path, plain)
    router.options(path, plain)
  }
}

function showPrefetchRefused(ctx: AppContext, issuer: Issuer): void {
  const page = errorPage({
    code: 'start_foreign',
    acceptLanguage: ctx.get('accept-language'),
    correlationId: ctx.state.trace.traceId,
    frameAncestors: issuer.hostOrigins,
  })
  ctx.status = 403
  ctx.type = 'html'
  ctx.body = page.body
  setCsp(ctx, page.csp)
}

/** What the library would say, had it known the client; any app may read it, as it may every error of this endpoint. */
function refuseUnknownToken(ctx: AppContext): never {
  makeReadableAnywhere(ctx)
  return refuse(400, 'invalid_grant', 'grant request is invalid', { headers: { pragma: 'no-cache' } })
}
