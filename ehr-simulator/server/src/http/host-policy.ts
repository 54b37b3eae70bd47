import { createDecisionPoint, type LocalDecisionPoint } from '@uthopp/policy/in-process'
import type { FactSource } from '@uthopp/policy/facts'
import { OWN_RULES } from '@uthopp/policy/rule-book'
import { tellPolicyEvent } from '@uthopp/policy/tell-policy-event'
import type { Deployment } from '@uthopp/server-kit/deployment'
import type { SigningKey } from '@uthopp/server-kit/keys'
import type { Log } from '@uthopp/server-kit/log'
import { type CareRooms, readCase } from '#src/facts/care-facts.ts'
import { type AskedPoint, openElsewherePoint } from './elsewhere-policy.ts'

export type HostPolicy = {
  /** Who decides about a trust's charts and dialogs: whom its deployment names, or this host. */
  readonly pointOf: (orgnr: string) => AskedPoint
  /** This host's own answers, for whoever asks its access control; nobody is asked on. */
  readonly ownPointOf: (orgnr: string) => LocalDecisionPoint
  /** Undefined when the rules of every trust that acts on them serve. */
  readonly ready: () => string | undefined
  /** What is not as it should be while charts are shown all the same. */
  readonly warnings: () => readonly string[]
  readonly close: () => Promise<void>
}

/** Opens what decides for the host's own charts and dialogs: rules and facts in this process, or where a deployment says. */
export async function createHostPolicy(deps: {
  readonly deployment: Deployment
  readonly roomsOf: (orgnr: string) => CareRooms | undefined
  readonly keyOf: (orgnr: string) => SigningKey
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
  const elsewhere = new Map(
    deployment.trusts.flatMap(({ orgnr }) => {
      const point = openElsewherePoint({ deployment, orgnr, key: deps.keyOf(orgnr), now })
      return point === undefined ? [] : [[orgnr, point] as const]
    }),
  )
  const watchedOnly = deployment.trusts.flatMap(({ orgnr, policy: { host } }) =>
    host === 'enforce' ? [] : [`${orgnr}: policy at the host is ${host}; it takes nothing from anybody`],
  )
  for (const reason of watchedOnly) log.warn('policy-not-enforced', { reason })
  // The port opens with rules in force, or says in /health/ready why there are none.
  await Promise.all([...points.values()].map(({ opened }) => opened))
  const ownPointOf = (orgnr: string): LocalDecisionPoint => {
    const point = points.get(folderOf(orgnr))
    if (point === undefined) throw new Error('no decision point for that trust')
    return point
  }
  return {
    pointOf: (orgnr) => elsewhere.get(orgnr) ?? ownPointOf(orgnr),
    ownPointOf,
    // What is not acted on keeps nobody from working.
    ready: () =>
      [...points]
        .filter(([folder]) =>
          trustsOf(folder).some(({ orgnr, policy }) => !elsewhere.has(orgnr) && policy.host === 'enforce'),
        )
        .map(([, point]) => point.ready())
        .find((missing) => missing !== undefined),
    warnings: () => [
      ...watchedOnly,
      // Whoever decides elsewhere reads the facts here: a host that is not ready without them would keep them from it.
      ...[...elsewhere].flatMap(([orgnr, point]) => {
        const missing = point.ready()
        return missing === undefined ? [] : [`${orgnr}: no chart opens: ${missing}`]
      }),
      ...[...points.values()].flatMap((point) => {
        const { refused, version } = point.status()
        return refused === null ? [] : [`the rules on disk are refused (${refused}); ${version ?? 'none'} serves`]
      }),
    ],
    close: async () => {
      await Promise.all([...points.values(), ...elsewhere.values()].map((point) => point.close()))
    },
  }
}
