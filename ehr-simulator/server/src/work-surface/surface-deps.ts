import type { Deployment } from '@uthopp/server-kit/deployment'
import type { DecisionPoint } from '@uthopp/policy/decision-point'
import type { LaunchBackChannel } from '@uthopp/server-kit/launch-back-channel'
import type { Log } from '@uthopp/server-kit/log'
import type { Database } from '@uthopp/storage/database'
import type { Tenant } from '@uthopp/storage/tenant'
import type { AuditWriter } from '#src/audit/audit-writer.ts'
import type { PeopleDirectory } from '#src/directory/people.ts'
import type { CareRooms } from '#src/facts/care-facts.ts'
import type { FhirStore } from '#src/fhir/repository.ts'

/** What the work surface of one trust stands on. Its patients are read in this process: the session is the authority. */
export type SurfaceDeps = {
  readonly tenant: Tenant
  readonly deployment: Deployment
  readonly store: FhirStore
  readonly people: Pick<PeopleDirectory, 'findUser' | 'verify' | 'patients' | 'users'>
  /** What access depends on, as this host keeps it. */
  readonly facts: CareRooms
  /** Who decides what of a chart is shown, and who may give themselves access. */
  readonly policy: Pick<DecisionPoint, 'decideAll'>
  readonly database: Database
  readonly channel: Pick<LaunchBackChannel, 'offer' | 'end'>
  /** No log, no data: it is written to before anything is done that it tells of. */
  readonly audit: AuditWriter
  readonly log: Log
  readonly now: () => Date
}
