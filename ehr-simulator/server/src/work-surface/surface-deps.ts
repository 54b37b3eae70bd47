import type { Deployment } from '@uthopp/server-kit/deployment'
import type { LaunchBackChannel } from '@uthopp/server-kit/launch-back-channel'
import type { Log } from '@uthopp/server-kit/log'
import type { Database } from '@uthopp/storage/database'
import type { Tenant } from '@uthopp/storage/tenant'
import type { PeopleDirectory } from '#src/directory/people.ts'
import type { FhirStore } from '#src/fhir/repository.ts'

/** What the work surface of one trust stands on. Its patients are read in this process: the session is the authority. */
export type SurfaceDeps = {
  readonly tenant: Tenant
  readonly deployment: Deployment
  readonly store: FhirStore
  readonly people: Pick<PeopleDirectory, 'findUser' | 'verify' | 'patientsSeenBy'>
  readonly database: Database
  readonly channel: Pick<LaunchBackChannel, 'offer' | 'end'>
  readonly log: Log
  readonly now: () => Date
}
