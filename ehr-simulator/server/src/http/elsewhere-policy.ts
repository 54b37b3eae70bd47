import { setTimeout as sleep } from 'node:timers/promises'
import type { DecisionPoint } from '@uthopp/policy/decision-point'
import { openElsewhere } from '@uthopp/policy/elsewhere'
import { caacOf, type Deployment, issuerOf } from '@uthopp/server-kit/deployment'
import type { SigningKey } from '@uthopp/server-kit/keys'
import { createOwnToken } from '@uthopp/server-kit/own-token'
import { createServiceSigner } from '@uthopp/server-kit/service-token'
import { newTrace } from '@uthopp/server-kit/trace'

/** As much of a decision point as a chart asks. */
export type AskedPoint = Pick<DecisionPoint, 'decideAll' | 'ready' | 'close'>

/** AZ-38: a chart is data, and waits no longer than a gateway does. */
const DECISION_TIMEOUT_MS = 300
const TOKEN_TIMEOUT_MS = 2000
const EVALUATE = '__pdp.evaluate'

/** What changes here is heard of there in the next look of the change stream, five times a second. */
const HEARD_AFTER_MS = 250
const MOST_AGAIN = 3

/**
 * The decision point of a trust's charts and dialogs where the deployment names another than this host; undefined where the
 * host decides itself, which it also does when its own access control is named.
 */
export function openElsewherePoint(deps: {
  readonly deployment: Deployment
  readonly orgnr: string
  readonly key: SigningKey
  readonly now: () => Date
}): AskedPoint | undefined {
  const { deployment, orgnr, key, now } = deps
  const issuer = issuerOf(deployment, orgnr)
  const signer = createServiceSigner({ key, issuer: `${deployment.addresses.host}/${orgnr}`, now })
  const own = createOwnToken({ issuer, clientId: 'host', key, scope: EVALUATE, now, timeoutMs: TOKEN_TIMEOUT_MS })
  const point = openElsewhere({
    pdp: deployment.trusts.find((trust) => trust.orgnr === orgnr)?.policy.pdp,
    own: `${caacOf(deployment, orgnr)}/decide`,
    issuer: { pdp: `${issuer}/pdp`, token: () => own.get(newTrace()), forget: own.forget },
    signed: (audience) => signer.bearer(audience, EVALUATE),
    timeoutMs: DECISION_TIMEOUT_MS,
    now,
  })
  return point && untilHeard(point, (ms) => sleep(ms))
}

/**
 * Asks again, a few times, about a decision of which the other side has not heard yet: this host names none that it does not
 * keep itself and knows to be live, and somebody who has just taken one looks at once.
 */
export const untilHeard = (point: AskedPoint, wait: (ms: number) => Promise<unknown>): AskedPoint => ({
  ready: point.ready,
  close: point.close,
  async decideAll(asks, semantics) {
    let answers = await point.decideAll(asks, semantics)
    for (let again = 0; again < MOST_AGAIN && answers.some(({ reasonCode }) => reasonCode === UNHEARD); again += 1) {
      await wait(HEARD_AFTER_MS)
      answers = await point.decideAll(asks, semantics)
    }
    return answers
  },
})

/** What a decision point says of a decision that is not among its facts. */
const UNHEARD = 'decision-expired'
