import type { JWTVerifyGetKey } from 'jose'
import { createRepository } from '@uthopp/audit/repository'
import type { Database } from '@uthopp/storage/database'
import type { Tenant } from '@uthopp/storage/tenant'
import { createScopedCallers } from '#src/clients/scoped-caller.ts'
import type { Directory } from '#src/directory/directory.ts'
import type { ClientStore } from '#src/storage/clients.ts'
import { createLogNames } from './log-names.ts'
import { readEvent, searchEvents, searchEventsByForm } from './read-fhir.ts'
import { readActivities, readPatientLog } from './read-plain.ts'
import { createLogReaders } from './reader.ts'
import type { AuditTrail } from './trail.ts'
import { writeRecords } from './write-records.ts'

/** The access log of one trust, and the doors to it. */
export function createAuditRoom(deps: {
  readonly issuer: string
  readonly trust: { readonly orgnr: string; readonly name: string }
  readonly tenant: Tenant
  readonly db: Database
  readonly trail: AuditTrail
  readonly issuerKeys: JWTVerifyGetKey
  readonly clients: ClientStore
  readonly directory: Pick<Directory, 'describeForLog' | 'identifyPatient'>
  readonly now: () => Date
}) {
  const { issuer, tenant, trail, clients, directory, now, trust } = deps
  const repository = createRepository(deps.db, tenant)
  const requireScope = createScopedCallers({ ...deps, audience: `${issuer}/audit`, api: 'the access log' })
  const reading = {
    issuer,
    tenant,
    repository,
    trail,
    now,
    requireReader: createLogReaders(requireScope),
    namesFor: createLogNames({
      describe: (ids, trace) => directory.describeForLog(ids, trace),
      clients,
      legalEntity: { id: trust.orgnr, name: trust.name, enh: trust.orgnr, resh: null },
    }),
    identify: directory.identifyPatient,
  }
  return {
    issuer,
    trail,
    tenant,
    now,
    repository,
    write: writeRecords({ tenant, requireScope, repository }),
    readPatient: readPatientLog(reading),
    readActivities: readActivities(reading),
    searchEvents: searchEvents(reading),
    searchEventsByForm: searchEventsByForm(reading),
    readEvent: readEvent(reading),
  }
}
