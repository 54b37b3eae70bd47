import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { requireValid } from '#src/fhir/validate.ts'
import { patientsOf } from '#src/seed/people.ts'
import { resourcesOf } from '#src/seed/seed-trust.ts'
import { AHUS, OUS } from '#src/seed/units.ts'
import { all, belongsTo, HOST, NOW, ofType, referencesIn, seeded } from './world.ts'

const patients = [...patientsOf(OUS), ...patientsOf(AHUS)]
const STARS = {
  cdp1001: 250,
  cdp1002: 100,
  cdp1004: 150,
  cdp1005: 250,
  cdp1006: 150,
  cdp2001: 200,
  cdp2003: 250,
  cdp2004: 100,
}

describe('seeded charts', () => {
  test('every resource is valid R4, its required codes included', () => {
    for (const resource of all) {
      assert.doesNotThrow(() => requireValid(resource), `${resource.resourceType}/${resource.id}`)
    }
  })

  test('every reference leads to something that stands before it in the same trust', () => {
    for (const [trust, resources] of seeded) {
      const known = new Set<string>()
      for (const resource of resources) {
        known.add(`${resource.resourceType}/${resource.id}`)
        for (const literal of referencesIn(resource))
          assert.ok(known.has(literal), `${trust} ${resource.id} → ${literal}`)
      }
    }
  })

  test('documents point at bytes that exist, and the bytes are Norwegian text', () => {
    const binaries = new Map(ofType('Binary').map((binary) => [`Binary/${binary.id}`, binary]))
    for (const document of ofType('DocumentReference')) {
      const url = document.content[0]?.attachment.url ?? ''
      const bytes = Buffer.from(binaries.get(url)?.data ?? '', 'base64')
      assert.equal(bytes.byteLength, document.content[0]?.attachment.size)
      assert.ok(bytes.toString('utf8').startsWith(document.description ?? '-'))
    }
  })

  test('no line of a note breaks off in mid-sentence', () => {
    for (const { data = '' } of ofType('Binary').filter(({ contentType }) => contentType.startsWith('text/plain'))) {
      for (const line of Buffer.from(data, 'base64').toString('utf8').trimEnd().split('\n').slice(2)) {
        assert.match(line, /^$|[.!?:]$/)
      }
    }
  })

  test('no id is used twice, not even by the two trusts', () => {
    const literals = all.map(({ resourceType, id }) => `${resourceType}/${id}`)
    assert.equal(new Set(literals).size, literals.length)
  })

  test('the same moment gives the same charts', () => {
    assert.deepEqual(resourcesOf(OUS, { now: NOW, host: HOST }), seeded.get(OUS))
  })

  test('a trust that is not seeded starts empty', () => {
    assert.deepEqual(resourcesOf('999999999', { now: NOW, host: HOST }), [])
  })

  for (const { patient, family } of patients) {
    test(`the chart of ${family.toUpperCase()} looks lived in`, () => {
      const own = all.filter((resource) => belongsTo(resource, patient))
      const least = Object.entries(STARS).find(([id]) => id === patient)?.[1] ?? 80
      assert.ok(own.length >= least, `${own.length} of ${least}`)
      const types = new Set(own.map(({ resourceType }) => resourceType))
      for (const type of [
        'Encounter',
        'Condition',
        'Observation',
        'DiagnosticReport',
        'DocumentReference',
        'MedicationStatement',
      ] as const) {
        assert.ok(types.has(type), type)
      }
      assert.ok(ofType('Encounter', own).filter(({ status }) => status === 'finished').length >= 2)
      assert.equal(ofType('Encounter', own).filter(({ status }) => status === 'in-progress').length, 1)
    })
  }

  test('nothing has happened yet that lies ahead, and every patient of a ward was seen within two hours', () => {
    for (const observation of ofType('Observation')) {
      const when = observation.effectiveDateTime ?? observation.effectivePeriod?.end ?? ''
      assert.ok(Date.parse(when) <= NOW.getTime(), observation.id)
    }
    for (const { patient, encounter } of patients.filter(({ patient }) => patient !== 'cdp1006')) {
      const latest = ofType('Observation')
        .filter(
          (resource) => belongsTo(resource, patient) && resource.encounter?.reference === `Encounter/${encounter}`,
        )
        .reduce((most, { effectiveDateTime = '' }) => Math.max(most, Date.parse(effectiveDateTime) || 0), 0)
      // Rounds are every six hours on the slowest ward.
      assert.ok(NOW.getTime() - latest < 6 * 3_600_000, patient)
    }
  })

  for (const hour of ['00:00:30', '02:30:00', '06:00:00', '22:59:59']) {
    test(`charts seeded at ${hour} UTC, in winter and in summer, are as valid`, () => {
      for (const day of ['2026-01-15', '2026-07-15', '2026-03-29', '2026-10-25']) {
        const now = new Date(`${day}T${hour}Z`)
        for (const resource of resourcesOf(OUS, { now, host: HOST })) assert.doesNotThrow(() => requireValid(resource))
      }
    })
  }

  test('no sentence carries a hole where a value should be', () => {
    for (const resource of all) assert.doesNotMatch(JSON.stringify(resource), /undefined|NaN|Invalid Date/)
  })
})
