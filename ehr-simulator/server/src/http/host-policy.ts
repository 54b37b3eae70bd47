import { createDecisionPoint, type LocalDecisionPoint } from '@uthopp/policy/in-process'
import type { FactSource } from '@uthopp/policy/facts'
import { OWN_RULES } from '@uthopp/policy/rule-book'
import { tellPolicyEvent } from '@uthopp/policy/tell-policy-event'
import type { Deployment } from '@uthopp/server-kit/deployment'
import type { Log } from '@uthopp/server-kit/log'
import { type CareRooms, readCase } from '#src/facts/care-facts.ts'

export type HostPolicy = {
  readonly pointOf: (orgnr: string) => LocalDecisionPoint
  /** Undefined when the rules of every trust that acts on them serve. */
  readonly ready: () => string | undefined
  /** What is not as it should be while charts are shown all the same. */
  readonly warnings: () => readonly string[]
  readonly close: () => Promise<void>
}

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
      // Somebody unknown is an answer, and the same one whoever asks for it and by which way.
      return found ?? { person: null, patients: new Map(), at: now() }
    },
  }
  const folderOf = (orgnr: string) =>
    deployment.trusts.find((trust) => trust.orgnr === orgnr)?.policy.rules ?? OWN_RULES
  const trustsOf = (folder: string) => deployment.trusts.filter(({ orgnr }) => folderOf(orgnr) === folder)
  const points = new Map<string, LocalDecisionPoint>()
  for (const folder of new Set(deployment.trusts.map(({ orgnr }) => folderOf(orgnr)))) {
    points.set(
      folder,
      createDecisionPoint({
        facts,
        rules: folder,
        now,
        log: (event) => {
          for (const { orgnr } of trustsOf(folder)) tellPolicyEvent(log, orgnr, event)
        },
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
    // What is not acted on keeps nobody from working.
    ready: () =>
      [...points]
        .filter(([folder]) => trustsOf(folder).some(({ policy }) => policy.host === 'enforce'))
        .map(([, point]) => point.ready())
        .find((missing) => missing !== undefined),
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
