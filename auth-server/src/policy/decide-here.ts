import { createCaacDecisionPoint } from '@uthopp/policy/caac-point'
import { createFactCache } from '@uthopp/policy/fact-cache'
import { parseFactLine } from '@uthopp/policy/fact-line'
import { type FactSource, FactsUnavailable } from '@uthopp/policy/facts'
import { createHttpFacts } from '@uthopp/policy/http-facts'
import { createDecisionPoint } from '@uthopp/policy/in-process'
import type { PolicyEvent } from '@uthopp/policy/policy-event'
import { createRemoteDecisionPoint } from '@uthopp/policy/remote'
import { OWN_RULES } from '@uthopp/policy/rule-book'
import { caacOf, type Deployment, factsOf, issuerOf } from '@uthopp/server-kit/deployment'
import { followStream } from '@uthopp/server-kit/follow-stream'
import type { Log } from '@uthopp/server-kit/log'
import type { LaunchEvents } from '#src/launch/events.ts'
import type { OpenedPolicy, OpenPolicy } from './open-policy.ts'

/** Contracts §5: facts are not used at all while the change stream is silent for longer. */
const FACTS_SILENCE_MS = 2000
/** AZ-38: an issuance may wait longer than a page of data. */
const ISSUANCE_TIMEOUT_MS = 1000

/** Decides with the host's facts and our own rule book, or asks where the deployment says. */
export const decideWithHost =
  (deployment: Deployment): OpenPolicy =>
  ({ trust, signer, log, events, now, stopping }) => {
    const { orgnr } = trust
    const facts = hostFacts({ address: factsOf(deployment, orgnr), tenant: orgnr, signer, log, now, stopping })
    const rules = trust.policy.rules ?? OWN_RULES
    const opened = open()
    stopping.addEventListener('abort', () => void opened.point.close())
    return { facts, rules, ...opened }

    function open(): Pick<OpenedPolicy, 'point' | 'warnings'> {
      const { pdp } = trust.policy
      const caac = caacOf(deployment, orgnr)
      const timeoutMs = ISSUANCE_TIMEOUT_MS
      // Our own address over HTTP would be this very function, asked by itself.
      if (pdp === undefined || pdp === `${issuerOf(deployment, orgnr)}/pdp`) {
        const point = createDecisionPoint({ facts, rules, now, log: (event) => tell(log, events, orgnr, event) })
        const warnings = (): readonly string[] => {
          const { refused, version } = point.status()
          return refused === null
            ? []
            : [`${orgnr}: the rules on disk are refused (${refused}); ${version ?? 'none'} serves`]
        }
        return { point, warnings }
      }
      const elsewhere =
        pdp === `${caac}/decide`
          ? createCaacDecisionPoint({ address: pdp, bearer: () => signer.bearer(caac, '__pdp.evaluate'), timeoutMs })
          : createRemoteDecisionPoint({
              pdp,
              bearer: () => tokenOf(signer.bearer(pdp, '__pdp.evaluate')),
              timeoutMs,
              now,
            })
      return { point: elsewhere, warnings: () => [] }
    }
  }

type HostFacts = Pick<Parameters<OpenPolicy>[0], 'signer' | 'log' | 'now' | 'stopping'> & {
  readonly address: string
  readonly tenant: string
}

/** The token alone, where somebody else writes the header. */
const tokenOf = async (authorization: Promise<string>): Promise<string> => (await authorization).replace(/^Bearer /, '')

/** The host's facts, remembered for a moment and only while the host is heard to say what changes. */
function hostFacts({ address, tenant, signer, log, now, stopping }: HostFacts): FactSource {
  const authorization = () => signer.bearer(address, '__facts.read')
  const source = createHttpFacts({
    address: () => address,
    bearer: () => tokenOf(authorization()),
    timeoutMs: ISSUANCE_TIMEOUT_MS,
    now,
  })
  const cache = createFactCache({ source, now })
  const stream = followStream({
    name: 'fact-stream',
    tenant,
    url: `${address}/changes`,
    authorization,
    log,
    silenceMs: FACTS_SILENCE_MS,
    parse: parseFactLine,
    onEvent: cache.noteChange,
    onHeartbeat: cache.noteAlive,
  })
  stopping.addEventListener('abort', stream.close)
  return {
    async read(asked, options) {
      // Only a heartbeat makes fresh: a line of a backlog says that there may be more of it.
      if (!stream.isFresh()) throw new FactsUnavailable('the change stream of the host is silent')
      return cache.read(asked, options)
    },
  }
}

/** What happens to a rule book is for whoever runs the trust; no case is ever in it. */
function tell(log: Log, events: LaunchEvents, tenant: string, event: PolicyEvent): void {
  switch (event.event) {
    case 'rules-loaded':
      return events.tell('policy-rules-loaded', { rule: event.version, count: event.rules })
    case 'rules-refused':
      return events.alarm('policy-rules-refused', { reason: event.reason })
    case 'rule-error':
      return log.error('policy-rule-error', { tenant, code: event.action, rule: event.version })
    case 'facts-failed':
      return log.warn('policy-facts-failed', { tenant, reason: event.reason })
    case 'worker-lost':
      return log.warn('policy-worker-lost', { tenant })
  }
}
