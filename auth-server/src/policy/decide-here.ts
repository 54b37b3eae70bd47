import { openElsewhere } from '@uthopp/policy/elsewhere'
import { createDecisionPoint } from '@uthopp/policy/in-process'
import type { PolicyEvent } from '@uthopp/policy/policy-event'
import { OWN_RULES } from '@uthopp/policy/rule-book'
import { caacOf, type Deployment, factsOf, issuerOf } from '@uthopp/server-kit/deployment'
import type { Log } from '@uthopp/server-kit/log'
import type { LaunchEvents } from '#src/launch/events.ts'
import { followHostFacts } from './host-facts.ts'
import type { OpenedPolicy, OpenPolicy } from './open-policy.ts'

/** AZ-38: an issuance may wait longer than a page of data. */
const ISSUANCE_TIMEOUT_MS = 1000

/** Decides with the host's facts and our own rule book, or asks where the deployment says. */
export const decideWithHost =
  (deployment: Deployment): OpenPolicy =>
  ({ trust, signer, log, events, now, stopping }) => {
    const { orgnr } = trust
    const address = factsOf(deployment, orgnr)
    const timeoutMs = ISSUANCE_TIMEOUT_MS
    const facts = followHostFacts({ address, tenant: orgnr, timeoutMs, signer, log, now, stopping })
    const rules = trust.policy.rules ?? OWN_RULES
    const opened = open()
    stopping.addEventListener('abort', () => void opened.point.close())
    return { facts, rules, ...opened }

    function open(): Pick<OpenedPolicy, 'point' | 'warnings'> {
      const elsewhere = openElsewhere({
        pdp: trust.policy.pdp,
        own: `${issuerOf(deployment, orgnr)}/pdp`,
        caac: caacOf(deployment, orgnr),
        signed: (audience) => signer.bearer(audience, '__pdp.evaluate'),
        timeoutMs,
        now,
      })
      if (elsewhere !== undefined) return { point: elsewhere, warnings: () => [] }
      const point = createDecisionPoint({ facts, rules, now, log: (event) => tell(log, events, orgnr, event) })
      const warnings = (): readonly string[] => {
        const { refused, version } = point.status()
        return [
          ...(refused === null
            ? []
            : [`${orgnr}: the rules on disk are refused (${refused}); ${version ?? 'none'} serves`]),
          ...(facts.isFresh() ? [] : [`${orgnr}: the host does not say what changes, so nothing can be decided`]),
        ]
      }
      // Once it has been heard, a host that falls silent is no reason to stop everything else that is done here.
      const ready = () => point.ready() ?? (facts.wasHeard() ? undefined : `${orgnr}: the host has not been heard yet`)
      return { point: { ...point, ready }, warnings }
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
