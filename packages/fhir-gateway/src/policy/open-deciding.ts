import { openElsewhere } from '@uthopp/policy/elsewhere'
import { createFactCache } from '@uthopp/policy/fact-cache'
import { parseFactLine } from '@uthopp/policy/fact-line'
import { createHttpFacts } from '@uthopp/policy/http-facts'
import { createDecisionPoint } from '@uthopp/policy/in-process'
import { OWN_RULES } from '@uthopp/policy/rule-book'
import { tellPolicyEvent } from '@uthopp/policy/tell-policy-event'
import { caacOf, type Deployment, factsOf } from '@uthopp/server-kit/deployment'
import { type FollowedStream, followStream } from '@uthopp/server-kit/follow-stream'
import type { SigningKey } from '@uthopp/server-kit/keys'
import type { Log } from '@uthopp/server-kit/log'
import { createOwnToken } from '@uthopp/server-kit/own-token'
import { createServiceSigner } from '@uthopp/server-kit/service-token'
import { newTrace } from '@uthopp/server-kit/trace'
import { GATEWAY_CLIENT } from '#src/token/gateway-client.ts'
import type { Trust } from '#src/trust.ts'
import type { Deciding } from './policy-desk.ts'

type Options = {
  readonly deployment: Deployment
  readonly key: SigningKey
  readonly log: Log
  readonly now: () => Date
  /** Threads for larger batches of decisions. */
  readonly workers: number
}

/** contracts.md §5: facts are not used at all while the change stream is silent for longer. */
const FACTS_SILENCE_MS = 2000
/** AZ-38. */
const DECISION_TIMEOUT_MS = 300
const TOKEN_TIMEOUT_MS = 2000
const EVALUATE = '__pdp.evaluate'

/** Opens what decides for a trust: in this process with the host's facts, or where the deployment says. */
export function openDeciding(options: Options): (trust: Trust) => Deciding {
  const { deployment, key, now } = options
  const signer = createServiceSigner({ key, issuer: deployment.addresses.gateway, now })
  // The issuer goes by its own clock.
  const client = { clientId: GATEWAY_CLIENT, key, scope: EVALUATE, now: () => new Date(), timeoutMs: TOKEN_TIMEOUT_MS }
  return (trust) => {
    const policy = deployment.trusts.find(({ orgnr }) => orgnr === trust.orgnr)?.policy
    const own = createOwnToken({ ...client, issuer: trust.issuer })
    const point = openElsewhere({
      pdp: policy?.pdp,
      caac: caacOf(deployment, trust.orgnr),
      issuer: { pdp: `${trust.issuer}/pdp`, token: () => own.get(newTrace()), forget: own.forget },
      signed: (audience) => signer.bearer(audience, EVALUATE),
      timeoutMs: DECISION_TIMEOUT_MS,
      now,
    })
    return point === undefined
      ? decideHere(trust, policy?.rules ?? OWN_RULES, { ...options, bearer: signer.bearer })
      : { point, start: () => undefined, warnings: () => [], close: point.close }
  }
}

function decideHere(
  { orgnr }: Trust,
  rules: string,
  {
    deployment,
    log,
    now,
    workers,
    bearer,
  }: Options & { readonly bearer: (audience: string, scope: string) => Promise<string> },
): Deciding {
  const address = factsOf(deployment, orgnr)
  const authorization = () => bearer(address, '__facts.read')
  const source = createHttpFacts({
    address: () => address,
    bearer: async () => (await authorization()).replace(/^Bearer /, ''),
    timeoutMs: DECISION_TIMEOUT_MS,
    now,
  })
  const cache = createFactCache({ source, now })
  const point = createDecisionPoint({
    facts: cache,
    rules,
    workers,
    now,
    log: (event) => tellPolicyEvent(log, orgnr, event),
  })
  let stream: FollowedStream | undefined
  return {
    point: { ...point, ready: () => point.ready() ?? (cache.isFresh() ? undefined : 'no change stream from the host') },
    blockable: point.blockable,
    markOf(user, patients) {
      const mark = cache.markOf(user, patients)
      return mark && `${point.status().version ?? ''} ${mark}`
    },
    start() {
      stream ??= followStream({
        name: 'fact-stream',
        tenant: orgnr,
        url: `${address}/changes`,
        authorization,
        log,
        silenceMs: FACTS_SILENCE_MS,
        parse: parseFactLine,
        onEvent: cache.noteChange,
        onHeartbeat: cache.noteAlive,
      })
    },
    warnings() {
      const { refused, version } = point.status()
      return refused === null ? [] : [`the rules on disk are refused (${refused}); ${version ?? 'none'} serves`]
    },
    async close() {
      stream?.close()
      await point.close()
    },
  }
}
