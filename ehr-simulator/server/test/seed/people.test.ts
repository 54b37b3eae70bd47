import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { citizensOf, defaultsOf, patientsOf, staffOf } from '#src/seed/people.ts'
import type { StaffMember } from '#src/seed/person.ts'
import { osloDay } from '#src/seed/times.ts'
import { AHUS, OUS, units } from '#src/seed/units.ts'
import { NOW, ofType, seeded } from './world.ts'

/** norway.md §4.5, to the letter. */
const NAMED = `
19854349034 Berg Solveig female 1943-05-19
03905149376 Lien Harald male 1951-10-03
27816849441 Aas Ingrid female 1968-01-27
08927549523 Moen Per male 1975-12-08
15879049218 Dahl Silje female 1990-07-15
21861299373 Strand Emil male 2012-06-21
11843749420 Haugen Åse female 1937-04-11
30888249520 Eide Ola male 1982-08-30
02820599244 Nilsen Maja female 2005-02-02
24895949457 Hansen Nora female 1959-09-24
06914749512 Vik Trond male 1947-11-06
13839649457 Solberg Amina female 1996-03-13
04857949078 Nordmann Eva LE 999000101
09818549552 Fjell Jon SP 999000202
17909149487 Lund Sara KE 999000303
22827049356 Bakke Tor LE 999000404
01868849491 Myhre Ida SP 999000505
12926649300 Røed Nils AA 999000606`.trim()

const everybody = [OUS, AHUS]
const familiesOf = (trust: string): readonly string[] =>
  patientsOf(trust)
    .map(({ family }) => family)
    .toSorted()
const seenBy = (member: StaffMember): readonly string[] =>
  patientsOf(member.trust)
    .filter((patient) => member.roles.some((role) => role.units.some((unit) => patient.units.includes(unit))))
    .map(({ family }) => family)
const member = (trust: string, username: string): StaffMember => {
  const found = staffOf(trust).find((candidate) => candidate.username === username)
  assert.ok(found, username)
  return found
}

describe('seeded people', () => {
  test('the twelve patients and six staff are those of the specification', () => {
    const rows = everybody.flatMap((trust) => [
      ...patientsOf(trust).map((p) => `${p.fnr} ${p.family} ${p.given} ${p.gender} ${p.birthDate}`),
      ...staffOf(trust).map((s) => `${s.fnr} ${s.family} ${s.given} ${s.profession} ${s.hpr}`),
    ])
    for (const line of NAMED.split('\n')) assert.ok(rows.includes(line), line)
  })

  test('eight patients belong to OUS and four to Ahus', () => {
    assert.deepEqual(familiesOf(OUS), ['Aas', 'Berg', 'Eide', 'Hansen', 'Lien', 'Moen', 'Solberg', 'Vik'])
    assert.deepEqual(familiesOf(AHUS), ['Dahl', 'Haugen', 'Nilsen', 'Strand'])
  })

  test('ids of people, roles, units and encounters are unique across the trusts', () => {
    const ids = [
      ...everybody.flatMap((trust) =>
        staffOf(trust).flatMap(({ user, roles }) => [user, ...roles.map(({ role }) => role)]),
      ),
      ...everybody.flatMap((trust) => patientsOf(trust).flatMap(({ patient, encounter }) => [patient, encounter])),
      ...units.map(({ unit }) => unit),
    ]
    assert.equal(new Set(ids).size, ids.length)
  })

  test('no two people of a trust sign in with the same name, citizens included', () => {
    for (const trust of everybody) {
      const names = [...staffOf(trust), ...citizensOf(trust)].map(({ username }) => username)
      assert.equal(new Set(names).size, names.length)
      for (const name of names) assert.match(name, /^[a-z]+$/)
    }
  })

  test('every adult patient has a citizen sign-in and no minor has', () => {
    const today = osloDay(NOW)
    const bornBy = `${Number(today.slice(0, 4)) - 18}${today.slice(4)}`
    for (const trust of everybody) {
      for (const { patient, birthDate } of patientsOf(trust)) {
        const signsIn = citizensOf(trust).some((citizen) => citizen.patient === patient)
        assert.equal(signsIn, birthDate <= bornBy, patient)
      }
    }
  })

  test('Fjell chooses between two roles at OUS, and Bakke works at both trusts under one national number', () => {
    assert.equal(member(OUS, 'fjell').roles.length, 2)
    assert.equal(member(OUS, 'bakke').fnr, member(AHUS, 'bakke').fnr)
    assert.notEqual(member(OUS, 'bakke').user, member(AHUS, 'bakke').user)
  })

  test('the emergency physician has the CT patient and both ambulances in her unit, and not the ward', () => {
    const families = seenBy(member(OUS, 'nordmann'))
    for (const family of ['Hansen', 'Lien', 'Moen']) assert.ok(families.includes(family), family)
    assert.ok(!families.includes('Berg'))
  })

  test('each patient is in the care of somebody who is a clinician', () => {
    for (const trust of everybody) {
      const seen = new Set(
        staffOf(trust)
          .filter(({ hpr }) => hpr !== null)
          .flatMap(seenBy),
      )
      assert.deepEqual([...seen].toSorted(), familiesOf(trust))
    }
  })

  test('the default clinician has the default patient in care', () => {
    for (const trust of everybody) {
      const defaults = defaultsOf(trust)
      const person = staffOf(trust).find(({ user }) => user === defaults?.user)
      const patient = patientsOf(trust).find((candidate) => candidate.patient === defaults?.patient)
      assert.ok(person && patient && seenBy(person).includes(patient.family))
      assert.ok(person.roles.some(({ role }) => role === defaults?.role))
    }
    assert.equal(defaultsOf('999999999'), undefined)
  })

  test('roles, departments and units of the directory are those of the FHIR store', () => {
    for (const trust of everybody) {
      const store = seeded.get(trust) ?? []
      const ids = new Set(store.map(({ resourceType, id }) => `${resourceType}/${id}`))
      for (const { user, roles } of staffOf(trust)) {
        for (const role of roles) {
          const resource = ofType('PractitionerRole', store).find(({ id }) => id === role.role)
          assert.equal(resource?.practitioner?.reference, `Practitioner/${user}`)
          for (const literal of [`Organization/${role.organization}`, `Organization/${role.department}`])
            assert.ok(ids.has(literal), literal)
          for (const unit of role.units) assert.ok(ids.has(`Location/${unit}`), unit)
        }
      }
      for (const { encounter } of patientsOf(trust)) assert.ok(ids.has(`Encounter/${encounter}`), encounter)
    }
  })
})
