import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import { type Tenant, tenantOf } from '@uthopp/storage/tenant'
import { type CareRooms, type KnownPerson } from '#src/facts/care-facts.ts'
import { openFacts } from '#src/facts/open-facts.ts'
import { aRole } from './builders.ts'

/** How much a host knows: so many trusts, each with so many patients and people. */
export type Size = { readonly trusts: number; readonly patients: number; readonly users: number }

/** One trust of such a host. */
export type FilledTrust = {
  readonly tenant: Tenant
  readonly rooms: CareRooms
  /** Somebody and one of the patients of their unit; the same for the same number. */
  readonly pair: (number: number) => { readonly user: string; readonly role: string; readonly patient: string }
}

const UNITS = 40
/** Members of each patient's care team. */
const TEAM = 5
const DAY_MS = 86_400_000

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)
const unitOf = (number: number): string => `lok${number % UNITS}`

/** Fills the tables as a day's work would have; answers the trusts, each with its rooms. */
export async function fillHost(database: Database, size: Size, now: () => Date): Promise<readonly FilledTrust[]> {
  const filled: FilledTrust[] = []
  for (const index of numbers(size.trusts)) {
    const tenant = tenantOf(String(900_000_000 + index))
    await fillTrust(database, tenant, size, now())
    filled.push(openTrust(database, tenant, size, now))
  }
  return filled
}

/** Whole tables at once: nothing of what is measured later depends on how the rows came to be there. */
async function fillTrust(database: Database, tenant: Tenant, { patients, users }: Size, now: Date): Promise<void> {
  const began = now.getTime() - DAY_MS
  const all = numbers(patients)
  const contacts = all.map((number) => [`ktk${number}`, `pas${number}`, unitOf(number)])
  const team = all.flatMap((number) =>
    numbers(TEAM).map((more) => [`pas${number}`, `stf${(number * 7 + more) % users}`]),
  )
  const people = numbers(users).map((number) => `stf${number}`)
  const blocked = all.filter((number) => number % 20 === 19).map((number) => [`spr${number}`, `pas${number}`])
  await database.transaction(async (inside) => {
    await inside.run(sql`insert into care_contact
      (tenant, id, patient, kind, unit, user_id, encounter, starts_at, ends_at, elements, origin)
      select ${tenant}, value ->> 0, value ->> 1, 'inpatient', value ->> 2, null, null, ${began}, null, '[]', 'event'
      from json_each(${JSON.stringify(contacts)})`)
    await inside.run(sql`insert into care_team_member (tenant, patient, user_id)
      select ${tenant}, value ->> 0, value ->> 1 from json_each(${JSON.stringify(team)}) where true on conflict do nothing`)
    await inside.run(sql`insert into licence (tenant, user_id, active, valid_until)
      select ${tenant}, value, 1, null from json_each(${JSON.stringify(people)})`)
    await inside.run(sql`insert into care_block (tenant, id, patient, kind, target, starts_at, ended_at)
      select ${tenant}, value ->> 0, value ->> 1, 'document', 'DocumentReference/dok1', ${began}, null
      from json_each(${JSON.stringify(blocked)})`)
    await inside.run(sql`insert into fact_head (tenant, epoch, sequence) values (${tenant}, 'e', ${patients})`)
    await inside.run(sql`insert into fact_change (tenant, kind, id, sequence)
      select ${tenant}, 'patient', 'pas' || value, value + 1 from json_each(${JSON.stringify(all)})`)
  })
}

function openTrust(database: Database, tenant: Tenant, { patients, users }: Size, now: () => Date): FilledTrust {
  const people = new Map(
    numbers(users).map((number): [string, KnownPerson] => {
      const role = aRole('physician', { id: `agb${number}`, unit: unitOf(number), units: [unitOf(number)] })
      return [`stf${number}`, { id: `stf${number}`, kind: 'staff', profession: 'LE', roles: [role] }]
    }),
  )
  const known = new Set(numbers(patients).map((number) => `pas${number}`))
  const rooms = openFacts({
    database,
    tenant,
    findPerson: (id) => people.get(id),
    isUnit: () => true,
    hasPatient: (id) => Promise.resolve(known.has(id)),
    now,
  })
  return {
    tenant,
    rooms,
    pair(number) {
      const patient = (number * 7919) % patients
      // Somebody of the same unit, wherever the patient's number falls.
      const user = ((patient % UNITS) + UNITS * (number % Math.max(1, Math.floor(users / UNITS)))) % users
      return { user: `stf${user}`, role: `agb${user}`, patient: `pas${patient}` }
    },
  }
}
