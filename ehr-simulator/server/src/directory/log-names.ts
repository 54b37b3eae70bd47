import { readJson } from '@uthopp/server-kit/body'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { list, readMembers, text } from '@uthopp/server-kit/members'
import { accept } from '@uthopp/server-kit/refusal'
import { professions } from '#src/seed/person.ts'
import type { PeopleDirectory } from './people.ts'
import type { Records } from './records.ts'

type Rooms = { readonly people: PeopleDirectory; readonly records: Records }

const SHAPE = { required: { users: list(text), roles: list(text), patients: list(text) } }

/**
 * The names behind the ids of an access log, for whoever serves the log to entitled readers.
 *
 * Numbers of staff are in it: those who show the log to patients leave them out (norway.md §5.3).
 */
export async function describeForLog(ctx: AppContext, { people, records }: Rooms): Promise<void> {
  const { users, roles, patients } = accept(readMembers(await readJson(ctx), SHAPE))
  const members = users.flatMap((user) => people.findStaff(user) ?? [])
  const known = roles.flatMap((role) => people.findRole(role) ?? [])
  ctx.body = {
    staff: members.map(({ user, family, given, fnr, hpr, profession }) => ({
      id: user,
      family,
      given,
      national_id: fnr,
      hpr,
      profession: { code: profession, text: professions[profession] },
    })),
    roles: await Promise.all(
      known.map(async ({ role, name, department, units: [unit] }) => ({
        id: role,
        title: name,
        department: (await records.findPlace('Organization', department)) ?? null,
        location: (await records.findPlace('Location', unit)) ?? null,
      })),
    ),
    patients: people.patients
      .filter(({ patient }) => patients.includes(patient))
      .map(({ patient, family, given }) => ({ id: patient, family, given })),
  }
}
