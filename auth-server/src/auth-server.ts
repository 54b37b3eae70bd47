import { createDeliveryHealth } from '@uthopp/audit/delivery-health'
import type { Outbox } from '@uthopp/audit/outbox'
import { createHttpApp, type HttpApp } from '@uthopp/server-kit/http-app'
import type { Metrics } from '@uthopp/server-kit/metrics'
import { sql } from '@uthopp/storage/sql'
import { deliverTo } from './audit/deliver-to.ts'
import { createAskBooks } from './explain/ask-books.ts'
import { addRoutes, corsOf } from './http/routes.ts'
import { createIssuer, type Issuer, type IssuerDeps } from './issuer.ts'

/** The authorization server of one deployment: an issuer a trust, told apart by the first segment of the path. */
export async function createAuthServer(
  deps: Omit<IssuerDeps, 'askBooks' | 'outbox'> & { readonly outbox: Outbox; readonly metrics: Metrics },
): Promise<HttpApp> {
  const { outbox } = deps
  const delivery = createDeliveryHealth(outbox)
  const askBooks = createAskBooks()
  const issuers = new Map<string, Issuer>()
  for (const { orgnr } of deps.deployment.trusts) issuers.set(orgnr, await createIssuer({ ...deps, askBooks }, orgnr))
  const app = createHttpApp({
    name: 'auth',
    log: deps.log,
    metrics: deps.metrics,
    // Apps and browsers stand at these doors beside our own processes, which say so first (`clients/own-process.ts`).
    startsTrace: () => true,
    hsts: deps.deployment.addresses.auth.startsWith('https:'),
    cors: corsOf,
    async ready() {
      await deps.db.acrossTenants.first(sql`select 1 as one`)
      await delivery.look()
      for (const { decisionPoint, policyStage } of issuers.values()) {
        const missing = policyStage === 'enforce' ? decisionPoint.ready() : undefined
        if (missing !== undefined) return missing
      }
      return undefined
    },
    warnings: () => [
      ...[...issuers.values()].flatMap(({ policyWarnings }) => policyWarnings()),
      ...delivery.warnings(),
    ],
  })
  outbox.start(deliverTo(deps.db))
  addRoutes(app.router, issuers)
  return app
}
