import type { Router } from '@koa/router'
import { readRaw } from '@uthopp/server-kit/body'
import type { CorsPolicy } from '@uthopp/server-kit/cors'
import type { AppContext, AppState } from '@uthopp/server-kit/http-app'
import { Refusal, refuse } from '@uthopp/server-kit/refusal'
import { explain } from '#src/explain/explain.ts'
import { replay } from '#src/explain/replay.ts'
import { listRules, whatIf } from '#src/explain/what-if.ts'
import { logged } from '#src/audit/logged.ts'
import { interact } from '#src/interaction/interact.ts'
import { myApps } from '#src/interaction/my-apps.ts'
import type { Issuer } from '#src/issuer.ts'
import { listApps } from '#src/launch/apps.ts'
import { endLaunches } from '#src/launch/end.ts'
import { offerLaunch } from '#src/launch/offer.ts'
import { checkLaunch, startLaunch } from '#src/launch/start.ts'
import { openApi } from '#src/openapi/document.ts'
import { METADATA_SECONDS, metadataOf } from '#src/pdp/metadata.ts'
import { handOver } from '#src/provider/front.ts'
import { namesForeignResource, withRefreshClient } from '#src/provider/refresh-client.ts'
import { manageRegistration } from '#src/registration/manage.ts'
import { register } from '#src/registration/register.ts'
import { authorize } from './authorize.ts'
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
    await logged(issuer.audit, ctx, async () => handler(ctx, issuer, ctx.params))
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
  const registration = ofIssuer((ctx, issuer, params) => manageRegistration(issuer)(ctx, params['client'] ?? ''))
  router.get('/:orgnr/register/:client', registration)
  router.put('/:orgnr/register/:client', registration)
  router.delete('/:orgnr/register/:client', registration)

  router.get(
    '/:orgnr/explain/:correlation',
    ofIssuer((ctx, issuer, params) =>
      watched(ctx, issuer, Buffer.alloc(0), () => explain(issuer.explain)(ctx, params['correlation'] ?? '')),
    ),
  )
  router.post(
    '/:orgnr/explain/replay',
    ofIssuer((ctx, issuer) => replay(issuer.replay)(ctx)),
  )
  router.get(
    '/.well-known/authzen-configuration/:orgnr/pdp',
    ofIssuer((ctx, { issuer }) => {
      ctx.set('cache-control', `public, max-age=${METADATA_SECONDS}`)
      ctx.body = metadataOf(issuer)
    }),
  )
  router.post(
    '/:orgnr/pdp/access/v1/evaluation',
    ofIssuer((ctx, { pdp }) => pdp.evaluation(ctx)),
  )
  router.post(
    '/:orgnr/pdp/access/v1/evaluations',
    ofIssuer((ctx, { pdp }) => pdp.evaluations(ctx)),
  )
  router.post(
    '/:orgnr/pdp/access/v1/search/:what',
    ofIssuer((ctx, { pdp }, params) => pdp.search(ctx, params['what'] ?? '')),
  )
  router.post(
    '/:orgnr/pdp/what-if',
    ofIssuer((ctx, issuer) => whatIf(issuer.whatIf)(ctx)),
  )
  router.get(
    '/:orgnr/pdp/rules',
    ofIssuer((ctx, issuer) => listRules(issuer.whatIf)(ctx)),
  )

  router.get(
    '/:orgnr/revocations',
    ofIssuer((ctx, { revocationStream }) => revocationStream(ctx)),
  )

  router.post(
    '/:orgnr/audit/records',
    ofIssuer((ctx, { audit }) => audit.write(ctx)),
  )
  router.get(
    '/:orgnr/audit/AuditEvent',
    ofIssuer((ctx, { audit }) => audit.searchEvents(ctx)),
  )
  router.post(
    '/:orgnr/audit/AuditEvent/_search',
    ofIssuer((ctx, { audit }) => audit.searchEventsByForm(ctx)),
  )
  router.get(
    '/:orgnr/audit/AuditEvent/:id',
    ofIssuer((ctx, { audit }, { id = '' }) => audit.readEvent(ctx, id)),
  )
  router.get(
    '/:orgnr/audit/patient/:patient',
    ofIssuer((ctx, { audit }, { patient = '' }) => audit.readPatient(ctx, patient)),
  )
  router.get(
    '/:orgnr/audit/activities',
    ofIssuer((ctx, { audit }) => audit.readActivities(ctx)),
  )

  const start = ofIssuer((ctx, issuer, params) => startLaunch(issuer)(ctx, params['secret'] ?? ''))
  router.post('/:orgnr/start/:secret', start)
  router.get('/:orgnr/start/:secret', start)
  router.get(
    '/:orgnr/start/:launch/check',
    ofIssuer((ctx, issuer, params) => checkLaunch(issuer)(ctx, params['launch'] ?? '')),
  )

  const authorization = ofIssuer(authorize)
  router.get('/:orgnr/auth', authorization)
  dropHead(router)
  router.post('/:orgnr/auth', authorization)

  // The way back from the interaction pages.
  router.get(
    '/:orgnr/auth/:interaction',
    ofIssuer((ctx, issuer) => handOver(ctx, issuer.issuer, issuer.provider.callback, undefined)),
  )
  const interaction = ofIssuer((ctx, issuer, params) => interact(issuer)(ctx, params['interaction'] ?? ''))
  router.get('/:orgnr/interaction/:interaction', interaction)
  router.post('/:orgnr/interaction/:interaction', interaction)

  const apps = ofIssuer((ctx, issuer) => myApps(issuer)(ctx))
  router.get('/:orgnr/apps', apps)
  router.post('/:orgnr/apps', apps)

  router.post(
    '/:orgnr/token',
    ofIssuer(async (ctx, issuer) => {
      ctx.set('pragma', 'no-cache') // on every answer, also one the library never sees (SAL-82)
      const sent = await readRaw(ctx)
      if (namesForeignResource(sent, issuer.place.fhirBase))
        return refuseToken(ctx, 'invalid_target', '`resource` is not the FHIR base of this trust')
      await watched(ctx, issuer, sent, async () => {
        const body = await withRefreshClient(sent, ctx.get('authorization'), issuer)
        if (body === 'unknown-token') return refuseToken(ctx, 'invalid_grant', 'grant request is invalid')
        await handOver(ctx, issuer.issuer, issuer.provider.callback, body)
      })
    }),
  )
  router.post(
    '/:orgnr/introspect',
    ofIssuer(async (ctx, issuer) => {
      const body = await readRaw(ctx)
      await watched(ctx, issuer, body, () => introspect(ctx, issuer, body))
    }),
  )
  router.post(
    '/:orgnr/revoke',
    ofIssuer(async (ctx, issuer) => {
      const body = await readRaw(ctx)
      await watched(ctx, issuer, body, () => handOver(ctx, issuer.issuer, issuer.provider.callback, body))
    }),
  )
  const plain = ofIssuer((ctx, issuer) => handOver(ctx, issuer.issuer, issuer.provider.callback, undefined))
  const options = (allow: string) =>
    ofIssuer(async (ctx, issuer) => {
      if (ctx.get('access-control-request-method') !== '')
        return handOver(ctx, issuer.issuer, issuer.provider.callback, undefined)
      ctx.set('allow', allow)
      ctx.status = 204
    })
  for (const path of ['/:orgnr/token', '/:orgnr/introspect', '/:orgnr/revoke'])
    router.options(path, options('OPTIONS, POST'))
  for (const path of ['/:orgnr/jwks', '/:orgnr/.well-known/openid-configuration']) {
    router.get(path, plain)
    router.options(path, options('GET, HEAD, OPTIONS'))
  }
}

/** Takes HEAD off the route added last: a request without a body must not spend a launch. */
function dropHead(router: Router<AppState>): void {
  const methods = router.stack.at(-1)?.methods
  methods?.splice(methods.indexOf('HEAD'), 1)
}

/** An endpoint where secrets could be guessed; that it is closed for a while is for the caller's page to read too. */
async function watched(ctx: AppContext, issuer: Issuer, body: Buffer, answer: () => Promise<void>): Promise<void> {
  try {
    await issuer.callerLimits.watch(ctx, body, answer)
  } catch (error) {
    if (error instanceof Refusal && error.status === 429) makeReadableAnywhere(ctx)
    throw error
  }
}

/** Any app may read it, as it may every error of this endpoint. */
function refuseToken(ctx: AppContext, code: string, hint: string): never {
  makeReadableAnywhere(ctx)
  return refuse(400, code, hint)
}
