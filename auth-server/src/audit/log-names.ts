import type { AuditNames, PatientName, PlaceName, RoleName, StaffName } from '@uthopp/audit/names'
import type { AuditRecord } from '@uthopp/audit/record'
import type { Trace } from '@uthopp/server-kit/trace'
import type { ClientStore } from '#src/storage/clients.ts'
import { TEMPLATE_WORDS } from './template-words.ts'

/** What the host knows of the ids in some records. */
export type LogNames = {
  readonly staff: ReadonlyMap<string, StaffName>
  readonly roles: ReadonlyMap<string, RoleName>
  readonly patients: ReadonlyMap<string, PatientName>
}
export type LogIds = {
  readonly users: readonly string[]
  readonly roles: readonly string[]
  readonly patients: readonly string[]
}

const NOBODY: LogNames = { staff: new Map(), roles: new Map(), patients: new Map() }

function idsIn(records: readonly AuditRecord[]): LogIds {
  const users = new Set<string>()
  const roles = new Set<string>()
  const patients = new Set<string>()
  for (const { actor, patient } of records) {
    if (actor.kind === 'clinician') users.add(actor.id)
    if (actor.kind === 'citizen') patients.add(actor.id)
    if (actor.role !== null) roles.add(actor.role)
    if (patient !== null) patients.add(patient)
  }
  return { users: [...users], roles: [...roles], patients: [...patients] }
}

/**
 * Looks names up when somebody reads, from the host that keeps them.
 *
 * A host that does not answer takes the names away and not the log: who it was still stands there as an id.
 */
export function createLogNames(deps: {
  readonly describe: (ids: LogIds, trace: Trace) => Promise<LogNames>
  readonly clients: ClientStore
  readonly legalEntity: PlaceName
}) {
  return async (records: readonly AuditRecord[], trace: Trace): Promise<AuditNames> => {
    const clientIds = [...new Set(records.flatMap(({ clientId }) => clientId ?? []))]
    const [known, clients] = await Promise.all([
      records.length === 0 ? NOBODY : deps.describe(idsIn(records), trace).catch(() => NOBODY),
      Promise.all(clientIds.map(async (id) => [id, (await deps.clients.find(id))?.name] as const)),
    ])
    const clientNames = new Map(clients)
    return {
      staff: (id) => known.staff.get(id),
      role: (id) => known.roles.get(id),
      patient: (id) => known.patients.get(id),
      client: (id) => clientNames.get(id),
      template: (id) => TEMPLATE_WORDS.get(id),
      legalEntity: deps.legalEntity,
      source: { site: deps.legalEntity.name, device: 'uthopp' },
    }
  }
}
