import { Router } from '@koa/router'
import { MOST_BYTES } from '@uthopp/policy/caac-words'
import type { DecisionPoint } from '@uthopp/policy/decision-point'
import { readJson } from '@uthopp/server-kit/body'
import type { AppState } from '@uthopp/server-kit/http-app'
import { accept, refuse } from '@uthopp/server-kit/refusal'
import type { ServiceVerifier } from '@uthopp/server-kit/service-token'
import { requireOwnProcess } from '#src/http/own-process.ts'
import { formatAnswer } from './format-answer.ts'
import { parseQuestions } from './parse-question.ts'

export type TrustCaac = {
  /** Enforcement points of this trust, scope `__pdp.evaluate`. */
  readonly guard: ServiceVerifier
  readonly point: Pick<DecisionPoint, 'decideAll'>
}

/**
 * `POST /<orgnr>/caac/decide`: the simulated context-aware access control of the host, in its own words.
 *
 * It stands on the same facts and rules as every other decision point of the trust, so a trust may put it in their place.
 */
export function caacRouter(trusts: ReadonlyMap<string, TrustCaac>): Router<AppState> {
  const router = new Router<AppState>()
  router.post('/:orgnr/caac/decide', async (ctx) => {
    const orgnr = ctx.params['orgnr'] ?? ''
    const trust = trusts.get(orgnr) ?? refuse(404, 'not_found', 'no such trust here')
    await requireOwnProcess(ctx, trust.guard)
    const { asks, semantics } = accept(parseQuestions(await readJson(ctx, { limit: MOST_BYTES }), ctx.state.trace))
    if (asks.some(({ circumstance }) => circumstance.tenant !== orgnr))
      refuse(403, 'foreign_trust', 'each trust decides for itself')
    ctx.body = { svar: (await trust.point.decideAll(asks, semantics)).map(formatAnswer) }
  })
  return router
}
