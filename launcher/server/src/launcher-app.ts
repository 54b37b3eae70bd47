import { join } from 'node:path'
import type { Deployment } from '@uthopp/server-kit/deployment'
import { issuerOf } from '@uthopp/server-kit/deployment'
import { createHttpApp, type HttpApp } from '@uthopp/server-kit/http-app'
import { publicJwks, type SigningKey } from '@uthopp/server-kit/keys'
import { createLaunchBackChannel } from '@uthopp/server-kit/launch-back-channel'
import type { Log } from '@uthopp/server-kit/log'
import type { Metrics } from '@uthopp/server-kit/metrics'
import { refuse } from '@uthopp/server-kit/refusal'
import { createOwnTokens } from '@uthopp/server-kit/own-token'
import { createServiceSigner } from '@uthopp/server-kit/service-token'
import { serveSite } from '@uthopp/server-kit/static-site'
import { passFact } from './api/facts.ts'
import { composeLaunch } from './api/launches.ts'
import { askWhatIf, replayDecisions, tellRules, traceLaunch } from './api/policy.ts'
import { passRegistration } from './api/registrations.ts'
import { tellWorld } from './api/world.ts'
import type { TrustAccess } from './demo-world.ts'
import { openapi } from './openapi.ts'
import { ownPagesOnly } from './same-origin.ts'

/** The host client the launcher is registered as at every trust of the demo world. */
const CLIENT_ID = 'launcher'

const PAGE_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

export type LauncherDeps = {
  readonly deployment: Deployment
  /** One key a trust: a launcher that is trusted by one trust can do nothing at another. */
  readonly keys: ReadonlyMap<string, SigningKey>
  readonly log: Log
  readonly metrics: Metrics
  /** The port really listened on, known once it is. */
  readonly port: () => number
  readonly webFolder?: string
}

/** The developer portal: its pages, and the small API behind them that scripts use too. The API does not exist in production. */
export function createLauncher(deps: LauncherDeps): HttpApp {
  const { deployment, keys } = deps
  const trusts = new Map<string, TrustAccess>(
    deployment.trusts.flatMap((trust) => {
      const key = keys.get(trust.orgnr)
      if (key === undefined) return []
      const client = { issuer: issuerOf(deployment, trust.orgnr), clientId: CLIENT_ID, key, now: () => new Date() }
      const access = {
        trust,
        backChannel: createLaunchBackChannel(client),
        signer: createServiceSigner({ key, issuer: deployment.addresses.launcher }),
        tokens: createOwnTokens((scope) => ({ ...client, scope })),
      }
      return [[trust.orgnr, access] as const]
    }),
  )
  const app = createHttpApp({
    name: 'launcher',
    log: deps.log,
    metrics: deps.metrics,
    ready: async () => undefined,
    // Browsers stand here, and what is asked of other processes goes on under the id: it must be of our choosing.
    startsTrace: () => true,
  })
  if (deployment.world === 'demo') {
    app.router.use('/api', ownPagesOnly(deployment.addresses.launcher, deps.port))
    app.router.get('/api/world', tellWorld(deployment, [...trusts.values()]))
    app.router.post('/api/launches', composeLaunch(deployment, trusts))
    app.router.post('/api/registrations', passRegistration(deployment))
    app.router.post('/api/facts', passFact(deployment, trusts))
    const doors = { deployment, trusts }
    app.router.get('/api/launches/:correlation/trace', (ctx) =>
      traceLaunch(doors)(ctx, String(ctx['params']['correlation'])),
    )
    app.router.get('/api/rules', tellRules(doors))
    app.router.post('/api/what-if', askWhatIf(doors))
    app.router.post('/api/replay', replayDecisions(doors))
  }
  app.router.get('/openapi.json', (ctx) => {
    ctx.set('access-control-allow-origin', '*')
    ctx.body = openapi(deployment)
  })
  app.router.get('/:tenant/jwks.json', (ctx) => {
    const key = keys.get(String(ctx['params']['tenant'])) ?? refuse(404, 'not_found', 'no such trust')
    ctx.set('cache-control', 'public, max-age=300') // a key the reader lacks makes it ask again at once
    ctx.body = publicJwks([key])
  })
  app.koa.use(
    serveSite({
      dir: deps.webFolder ?? join(import.meta.dirname, '..', '..', 'web', 'dist'),
      csp: PAGE_CSP,
      spaFallback: (path) => path === '/',
    }),
  )
  return app
}
