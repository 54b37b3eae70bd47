import type { CareTeam, DocumentReference, Encounter } from '@medplum/fhirtypes'
import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import type { FhirStore } from '#src/fhir/repository.ts'
import type { SeededPatient, StaffMember, StaffRole } from '#src/seed/person.ts'
import { volven } from '#src/seed/codings.ts'
import { units } from '#src/seed/units.ts'
import type { PatientBlock } from './blocks.ts'
import type { Contact } from './contacts.ts'
import { MEALS } from './elements.ts'
import { historyOf, idIn } from './seed-history.ts'
import { writeBlock } from './storage/sql-blocks.ts'
import { writeMember } from './storage/sql-care-team.ts'
import { writeContacts } from './storage/sql-contacts.ts'
import { createLicenceStore } from './storage/sql-licences.ts'

export type SeededWorld = { readonly patients: readonly SeededPatient[]; readonly staff: readonly StaffMember[] }

const hasRole = ({ staff }: SeededWorld, kind: StaffRole['kind'], unit: string): boolean =>
  staff.some(({ roles }) => roles.some((role) => role.kind === kind && role.units[0] === unit))

/** Why a unit that has a patient in its care has that patient. */
function reasonOf(world: SeededWorld, patient: SeededPatient, unit: string, stay: Encounter | undefined): Reason {
  const service = units.find((each) => each.unit === unit)?.kind === 'service'
  // Expected, not here yet: the ambulance that brings the patient and the department that waits both know.
  const underway = stay?.location?.some(({ status }) => status === 'planned') ?? false
  if (hasRole(world, 'kitchen', unit)) return { kind: 'task', user: null, elements: MEALS }
  if (underway && (unit === patient.units[0] || hasRole(world, 'ambulance', unit))) return forUnit('announced')
  if (!service) return forUnit(stay?.class?.code === 'AMB' ? 'visit' : 'inpatient')
  const assessor = world.staff.find(({ roles }) => roles.some((role) => role.units[0] === unit))
  return { kind: 'referral', user: assessor?.user ?? null, elements: [] }
}

type Reason = Pick<Contact, 'kind' | 'user' | 'elements'>
const forUnit = (kind: Contact['kind']): Reason => ({ kind, user: null, elements: [] })

/** The demo world is always in the middle of its day: an announcement and a visit are of today. */
const OF_TODAY = ['announced', 'visit'] as const

async function contactsOf(store: FhirStore, world: SeededWorld, now: Date): Promise<readonly Contact[]> {
  const each = world.patients.map(async (patient) => {
    const stay = await store.find<Encounter>('Encounter', patient.encounter)
    const began = new Date(stay?.period?.start ?? now)
    return patient.units.map((unit, index): Contact => {
      const reason = reasonOf(world, patient, unit, stay)
      const today = OF_TODAY.some((kind) => kind === reason.kind)
      return {
        id: `${patient.patient.replace('cdp', 'ktk')}-${index + 1}`,
        patient: patient.patient,
        unit,
        encounter: patient.encounter,
        startsAt: today || began > now ? now : began,
        endsAt: null,
        ...reason,
      }
    })
  })
  return (await Promise.all(each)).flat()
}

async function teamsOf(store: FhirStore): Promise<readonly (readonly [patient: string, user: string])[]> {
  const teams = await store.findAll<CareTeam>('CareTeam?status=active&_count=500')
  return teams.flatMap(({ subject, participant }) =>
    idIn(subject?.reference, 'Patient').flatMap((patient) =>
      (participant ?? []).flatMap(({ member }) =>
        idIn(member?.reference, 'Practitioner').map((user) => [patient, user] as const),
      ),
    ),
  )
}

const BLOCKED = volven(9603, 'NORS', 'Sperret av pasienten')

/** What is marked as blocked in the record is blocked in the register of blocks too, with the bytes it consists of. */
async function blocksOf(store: FhirStore): Promise<readonly PatientBlock[]> {
  const documents = await store.findAll<DocumentReference>(
    `DocumentReference?_security=${encodeURIComponent(`${BLOCKED.system}|${BLOCKED.code}`)}&_count=500`,
  )
  return documents.flatMap(({ id, subject, content }) =>
    idIn(subject?.reference, 'Patient').flatMap((patient) => {
      const parts = content.flatMap(({ attachment }) => idIn(attachment.url, 'Binary').map((part) => `Binary/${part}`))
      return [`DocumentReference/${id}`, ...parts].map((target) => ({
        id: `sper-${target.replace('/', '-')}`,
        patient,
        kind: 'document' as const,
        target,
      }))
    }),
  )
}

/**
 * Puts down what the demo world's facts begin with, and leaves alone what has become of them since.
 *
 * Only what is of today is of today again at every start: yesterday's ambulance is long here.
 */
export async function seedFacts(
  database: Database,
  tenant: Tenant,
  world: SeededWorld & { readonly store: FhirStore; readonly now: Date },
): Promise<void> {
  const { store, now } = world
  const licences = createLicenceStore(database, tenant)
  for (const { user, hpr } of world.staff) {
    if (hpr !== null) await licences.suggest(user, { active: true, validUntil: null })
  }
  const known = await database.first(sql`select id from care_contact where tenant = ${tenant} and origin = 'seed'`)
  const contacts = await contactsOf(store, world, now)
  if (known !== undefined) return renewToday(database, tenant, contacts, now)
  const [teams, blocks] = [await teamsOf(store), await blocksOf(store)]
  const history = await historyOf(store, world.patients, now)
  await database.transaction(async (inside) => {
    await writeContacts(inside, tenant, [...contacts, ...history], { now, origin: 'seed' })
    for (const [patient, user] of teams) await writeMember(inside, tenant, patient, user)
    for (const block of blocks) await writeBlock(inside, tenant, block, now)
  })
}

/** Two processes that start at once do the same thing twice, which is no different from once. */
async function renewToday(database: Database, tenant: Tenant, contacts: readonly Contact[], now: Date): Promise<void> {
  await database.transaction(async (inside) => {
    const renewed = await inside.all<{ id: string }>(sql`update care_contact set starts_at = ${now.getTime()}
      where tenant = ${tenant} and origin = 'seed' and kind in (${sql.list(OF_TODAY)}) and ends_at is null
      and cancelled_at is null and starts_at < ${now.getTime()} returning id`)
    const ids = new Set(renewed.map(({ id }) => id))
    await writeContacts(
      inside,
      tenant,
      contacts.filter(({ id }) => ids.has(id)),
      { now, origin: 'seed' },
    )
  })
}
