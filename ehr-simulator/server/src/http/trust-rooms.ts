import type { Router } from '@koa/router'
import type { Outbox } from '@uthopp/audit/outbox'
import { type Deployment, issuerOf } from '@uthopp/server-kit/deployment'
import type { AppState } from '@uthopp/server-kit/http-app'
import { createLaunchBackChannel } from '@uthopp/server-kit/launch-back-channel'
import type { Log } from '@uthopp/server-kit/log'
import { createAuditWriter } from '#src/audit/audit-writer.ts'
import type { TrustCaac } from '#src/caac/caac-api.ts'
import { createCitizenPages } from '#src/citizen/citizen-pages.ts'
import { createLogClient } from '#src/citizen/log-client.ts'
import type { TrustDirectory } from '#src/directory/directory-api.ts'
import { careListOf } from '#src/facts/care-list.ts'
import type { TrustFacts } from '#src/facts/http/facts-api.ts'
import { createFactStream } from '#src/facts/http/fact-stream.ts'
import { noticeDue } from '#src/facts/storage/sql-due.ts'
import { type Repeating, repeat } from '#src/repeating.ts'
import { citizensOf, defaultsOf } from '#src/seed/people.ts'
import { unitNamesOf } from '#src/seed/units.ts'
import { isPatients } from '#src/work-surface/access/owners.ts'
import { createWorkSurface, type WorkSurface } from '#src/work-surface/work-surface.ts'
import type { HostPolicy } from './host-policy.ts'
import type { HostDeps, Trust } from './open-trust.ts'

export type HostRoomDeps = HostDeps & { readonly log: Log }

const NOTICE_EVERY_MS = 500

/** What the authorization server may ask about this trust's people and patients. */
export function directoryOfTrust(trust: Trust, deployment: Deployment): TrustDirectory {
  const demo = deployment.world === 'demo'
  return {
    issuer: issuerOf(deployment, trust.orgnr),
    people: trust.people,
    records: trust.records,
    careOf: (user, role) => careListOf(trust.facts, user, role),
    guard: trust.directoryGuard,
    demo: demo
      ? { citizens: citizensOf(trust.orgnr), defaults: defaultsOf(trust.orgnr), units: unitNamesOf(trust.orgnr) }
      : undefined,
  }
}

/** The facts of this trust over HTTP, and their change stream. */
export function factsOfTrust(
  { orgnr: tenant, store, facts, factGuards }: Trust,
  { deployment, now }: HostRoomDeps,
  { outbox, stopping }: { readonly outbox: Outbox; readonly stopping: AbortSignal },
): TrustFacts {
  const { readers, writers } = factGuards
  const stream = createFactStream({ readers, changes: facts.changes, now, stopping })
  const keeps = deployment.trusts.some(({ orgnr, fhirUpstream }) => orgnr === tenant && fhirUpstream === store.base)
  // What another store keeps is not known here.
  const isOf: TrustFacts['isOf'] = (item, patient) => (keeps ? isPatients(store, item, patient) : Promise.resolve(true))
  return { rooms: facts, readers, writers, stream, isOf, audit: createAuditWriter({ tenant, outbox, now }) }
}

/** What changes by time alone changes without anybody doing anything, and must be heard of like everything else. */
export const startNoticing = ({ orgnr }: Trust, { database, log, now }: HostRoomDeps): Repeating =>
  repeat({
    work: async () => void (await noticeDue(database, orgnr, now())),
    everyMs: NOTICE_EVERY_MS,
    onFailure: (error) => log.error('fact-notice-failed', { error, tenant: orgnr }),
  })

/** What the people who work here see. */
export function surfaceOfTrust(
  trust: Trust,
  { deployment, database, log, now }: HostRoomDeps,
  { outbox, policy: points }: { readonly outbox: Outbox; readonly policy: HostPolicy },
): WorkSurface {
  const { orgnr: tenant, store, people, key, facts } = trust
  const policy = points.pointOf(tenant)
  const channel = createLaunchBackChannel({ issuer: issuerOf(deployment, tenant), clientId: 'host', key, now })
  const audit = createAuditWriter({ tenant, outbox, now })
  return createWorkSurface({ tenant, deployment, store, people, facts, policy, database, channel, audit, log, now })
}

/** What leans on a decision ends with it, whether it was given back or ran out. */
export const startSettling = ({ settle }: WorkSurface, log: Log): Repeating =>
  repeat({
    work: settle,
    everyMs: NOTICE_EVERY_MS,
    onFailure: (error) => log.error('decision-settling-failed', { error }),
  })

/** Asked by whoever asks decision points; it stands on the host's own, whoever decides about its charts. */
export const caacOfTrust = ({ orgnr, factGuards }: Trust, policy: HostPolicy): TrustCaac => ({
  guard: factGuards.deciders,
  point: policy.ownPointOf(orgnr),
})

/** What patients see of themselves. */
export function citizensOfTrust(
  trust: Trust,
  { deployment, database, now }: HostRoomDeps,
  outbox: Outbox,
): Router<AppState> {
  const { orgnr: tenant, store, people, key, facts } = trust
  const accessLog = createLogClient({ issuer: issuerOf(deployment, tenant), key, now })
  const audit = createAuditWriter({ tenant, outbox, now })
  return createCitizenPages({ tenant, deployment, store, people, facts, database, accessLog, audit, now })
}
