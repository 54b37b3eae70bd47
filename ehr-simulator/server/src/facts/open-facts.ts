import type { Database } from '@uthopp/storage/database'
import type { Tenant } from '@uthopp/storage/tenant'
import { createBlockStore } from './storage/sql-blocks.ts'
import { createCareTeamStore } from './storage/sql-care-team.ts'
import { createChangeLog } from './storage/sql-changes.ts'
import { createContactStore } from './storage/sql-contacts.ts'
import { createDecisionStore } from './storage/sql-decisions.ts'
import { createLicenceStore } from './storage/sql-licences.ts'
import type { CareRooms, KnownPerson } from './care-facts.ts'

/** The facts of one trust, over one database; nothing in them reaches another trust's. */
export function openFacts(deps: {
  readonly database: Database
  readonly tenant: Tenant
  readonly findPerson: (user: string) => KnownPerson | undefined
  readonly isUnit: (unit: string) => boolean
  readonly hasPatient: (patient: string) => Promise<boolean>
  readonly now: () => Date
}): CareRooms {
  const { database, tenant, findPerson, isUnit, hasPatient, now } = deps
  return {
    findPerson,
    isUnit,
    hasPatient,
    contacts: createContactStore(database, tenant),
    team: createCareTeamStore(database, tenant),
    decisions: createDecisionStore(database, tenant),
    blocks: createBlockStore(database, tenant),
    licences: createLicenceStore(database, tenant),
    changes: createChangeLog(database, tenant),
    now,
  }
}
