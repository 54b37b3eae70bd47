import type { Deployment } from '@uthopp/server-kit/deployment'
import type { Database } from '@uthopp/storage/database'
import type { Tenant } from '@uthopp/storage/tenant'
import type { AuditWriter } from '#src/audit/audit-writer.ts'
import type { PeopleDirectory } from '#src/directory/people.ts'
import type { CareRooms } from '#src/facts/care-facts.ts'
import type { FhirStore } from '#src/fhir/repository.ts'
import type { LogClient } from './log-client.ts'

/** What the citizens' pages of one trust stand on. */
export type CitizenDeps = {
  readonly tenant: Tenant
  readonly deployment: Deployment
  readonly store: FhirStore
  readonly people: Pick<PeopleDirectory, 'findUser' | 'verify'>
  readonly facts: CareRooms
  readonly database: Database
  readonly accessLog: LogClient
  readonly audit: AuditWriter
  readonly now: () => Date
}
