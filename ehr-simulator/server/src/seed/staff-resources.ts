import type { Identifier, Practitioner, PractitionerRole, Resource } from '@medplum/fhirtypes'
import { profile, reference } from './chart.ts'
import { concept, FNR, HPR, volven } from './codings.ts'
import { parseSyntheticFnr } from './national-id.ts'
import { staffOf } from './people.ts'
import { professions, type Person, type StaffMember } from './person.ts'
import type { TrustNumber } from './units.ts'

/** The official identifier of a seeded person; a number outside the synthetic series stops the seeding. */
export function fnrIdentifier(person: Person): Identifier {
  const number = parseSyntheticFnr(person.fnr)
  if (number === undefined) throw new Error('a seeded person has a number outside the synthetic series')
  return {
    use: 'official',
    type: concept('Fødselsnummer', volven(8116, 'FNR', 'Fødselsnummer')),
    system: FNR,
    value: number,
  }
}

const practitioner = (member: StaffMember): Practitioner => ({
  resourceType: 'Practitioner',
  id: member.user,
  meta: profile('Practitioner'),
  identifier: [
    fnrIdentifier(member),
    ...(member.hpr === null
      ? []
      : [
          {
            use: 'official' as const,
            type: concept('HPR-nummer', volven(8116, 'HPR', 'HPR-nummer')),
            system: HPR,
            value: member.hpr,
          },
        ]),
  ],
  active: true,
  name: [{ use: 'official', family: member.family, given: [member.given] }],
  gender: member.gender,
  birthDate: member.birthDate,
  telecom: [{ system: 'phone', value: `+4768051${member.user.slice(3)}`, use: 'work' }],
  ...(member.hpr === null
    ? {}
    : {
        qualification: [
          {
            code: concept(
              professions[member.profession],
              volven(9060, member.profession, professions[member.profession]),
            ),
          },
        ],
      }),
})

const roles = (member: StaffMember): readonly PractitionerRole[] =>
  member.roles.map((role) => ({
    resourceType: 'PractitionerRole',
    id: role.role,
    meta: profile('PractitionerRole'),
    active: true,
    period: { start: '2021-01-01' },
    practitioner: reference(`Practitioner/${member.user}`, `${member.given} ${member.family}`),
    organization: reference(`Organization/${role.department}`),
    code: [concept(role.name)],
    location: role.units.map((unit) => reference(`Location/${unit}`)),
  }))

/** Practitioner and PractitionerRole of everybody employed by a trust. */
export const staffResourcesOf = (trust: TrustNumber): readonly Resource[] =>
  staffOf(trust).flatMap((member) => [practitioner(member), ...roles(member)])
