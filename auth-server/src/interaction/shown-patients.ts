import { type AuditRecord, newRecord } from '@uthopp/audit/record'
import type { AuditTrail } from '#src/audit/trail.ts'
import type { Person } from '#src/directory/directory.ts'

/** Remembered this many at once; whoever is forgotten is written down once more, which is no untruth. */
const MOST = 50_000

/** A page that tells who patients are, in one interaction. */
type ShownPage = {
  readonly interaction: string
  readonly clientId: string
  readonly correlationId: string
  readonly person: Person
  /** `Encounter` where the page tells of those too. */
  readonly type: 'Patient' | 'Encounter'
  readonly patients: readonly string[]
}

/** Writes down whom a page names, and resolves once that stands; the page leaves after it. */
export type TellShown = (page: ShownPage) => Promise<void>

/**
 * That somebody is a patient here, and in whose care, is as much to look at as a chart: the pages that name patients stand in
 * the log of each of them, once an interaction (norway.md §5.1.3, §5.3). Citizens are shown themselves.
 */
export function createShownPatients(deps: {
  readonly trail: Pick<AuditTrail, 'note' | 'settle'>
  readonly tenant: string
  readonly now: () => Date
}): TellShown {
  const told = new Set<string>()
  return async (page) => {
    if (page.person.kind !== 'staff') return
    const keyOf = (patient: string) => JSON.stringify([page.interaction, page.person.id, page.type, patient])
    const fresh = page.patients.filter((patient) => !told.has(keyOf(patient)))
    if (fresh.length === 0) return
    deps.trail.note(...fresh.map((patient) => recordOf(deps, page, patient)))
    // INVARIANT: what could not be written was not shown, so the next page writes it again.
    await deps.trail.settle()
    for (const patient of fresh) told.add(keyOf(patient))
    for (const oldest of told) {
      if (told.size <= MOST) break
      told.delete(oldest)
    }
  }
}

function recordOf(
  { tenant, now }: { readonly tenant: string; readonly now: () => Date },
  { person, clientId, correlationId, type, patients }: ShownPage,
  patient: string,
): AuditRecord {
  const [role, another] = person.roles
  return newRecord({
    tenant,
    at: now(),
    activity: 'fhir-access',
    source: 'auth-server',
    // Which of several roles they act in is asked after the patient.
    actor: { kind: 'clinician', id: person.id, role: another === undefined ? (role?.id ?? null) : null },
    clientId,
    patient,
    correlationId,
    purpose: 'TREAT',
    what: { interaction: 'search-type', type, ids: [], count: patients.length, query: null },
    detail: { place: 'picker' },
  })
}
