import { createDecisionPoint, type LocalDecisionPoint } from '@uthopp/policy/in-process'
import { type FactSource, FactsUnavailable } from '@uthopp/policy/facts'
import { OWN_RULES } from '@uthopp/policy/rule-book'
import type { Deployment } from '@uthopp/server-kit/deployment'
import type { Log } from '@uthopp/server-kit/log'
import { type CareRooms, readCase } from '#src/facts/care-facts.ts'

export type HostPolicy = {
  readonly pointOf: (orgnr: string) => LocalDecisionPoint
  /** Undefined when every trust's rules serve. */
  readonly ready: () => string | undefined
  /** What is not as it should be while charts are shown all the same. */
  readonly warnings: () => readonly string[]
  readonly close: () => Promise<void>
}

/** Events somebody has to look at. */
const LOUD: ReadonlySet<string> = new Set(['rules-refused', 'rule-error', 'facts-failed', 'worker-lost'])

/** The decision point of the host's own chart and dialogs: it asks its own facts, without a way over the network. */
export async function createHostPolicy(deps: {
  readonly deployment: Deployment
  readonly roomsOf: (orgnr: string) => CareRooms | undefined
  readonly log: Log
  readonly now: () => Date
}): Promise<HostPolicy> {
  const { deployment, log, now } = deps
  const facts: FactSource = {
    async read({ tenant, user, role, patients }) {
      const rooms = deps.roomsOf(tenant)
      const found = rooms && (await readCase(rooms, { user, role, patients }))
      if (found === undefined) throw new FactsUnavailable('nobody of that id is known here')
      return found
    },
  }
  const folderOf = (orgnr: string) =>
    deployment.trusts.find((trust) => trust.orgnr === orgnr)?.policy.rules ?? OWN_RULES
  const points = new Map<string, LocalDecisionPoint>()
  for (const folder of new Set(deployment.trusts.map(({ orgnr }) => folderOf(orgnr)))) {
    points.set(
      folder,
      createDecisionPoint({
        facts,
        rules: folder,
        now,
        log: (event) => log[LOUD.has(event.event) ? 'warn' : 'info'](`policy-${event.event}`),
      }),
    )
  }
  const watchedOnly = deployment.trusts.flatMap(({ orgnr, policy: { host } }) =>
    host === 'enforce' ? [] : [`${orgnr}: policy at the host is ${host}; it takes nothing from anybody`],
  )
  for (const reason of watchedOnly) log.warn('policy-not-enforced', { reason })
  // The port opens with rules in force, or says in /health/ready why there are none.
  await Promise.all([...points.values()].map(({ opened }) => opened))
  return {
    pointOf(orgnr) {
      const point = points.get(folderOf(orgnr))
      if (point === undefined) throw new Error('no decision point for that trust')
      return point
    },
    ready: () => [...points.values()].map((point) => point.ready()).find((missing) => missing !== undefined),
    warnings: () => [
      ...watchedOnly,
      ...[...points.values()].flatMap((point) => {
        const { refused, version } = point.status()
        return refused === null ? [] : [`the rules on disk are refused (${refused}); ${version ?? 'none'} serves`]
      }),
    ],
    close: async () => {
      await Promise.all([...points.values()].map((point) => point.close()))
    },
  }
}
