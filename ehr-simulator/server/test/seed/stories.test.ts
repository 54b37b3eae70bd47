import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Observation } from '@medplum/fhirtypes'
import { instanceUid, studies } from '#src/seed/imaging.ts'
import { news2Of } from '#src/seed/news2.ts'
import { signs } from '#src/seed/rows.ts'
import { AHUS, OUS } from '#src/seed/units.ts'
import { all, belongsTo, HOST, NOW, ofType, seeded } from './world.ts'

const observations = (patient: string, code: string): readonly Observation[] =>
  ofType('Observation').filter(
    (resource) => belongsTo(resource, patient) && resource.code.coding?.some((coding) => coding.code === code),
  )
const latest = (patient: string, code: string): Observation => {
  const newest = observations(patient, code)
    .toSorted((a, b) => (a.effectiveDateTime ?? '').localeCompare(b.effectiveDateTime ?? ''))
    .at(-1)
  assert.ok(newest, `${patient} ${code}`)
  return newest
}
const trusts = [
  [OUS, 'cdp1001', 'cdp1004', 'cdp1002'],
  [AHUS, 'cdp2001', 'cdp2003', 'cdp2004'],
] as const

describe('clinical stories', () => {
  test('Lien is in ambulance A-214 with a NEWS2 of 11', () => {
    assert.equal(news2Of(signs(24, 91, 98, 60, 118, 36.4, 2)).total, 11)
    assert.equal(latest('cdp1002', '1104051000000101').valueQuantity?.value, 11)
    assert.match(JSON.stringify(all.find(({ id }) => id === 'enc1002')), /Ambulanse A-214/)
  })

  test('Berg weighs 48.2 kg, a loss of 4.1 kg in three months, and scores 5 on NRS-2002', () => {
    const weights = observations('cdp1001', '29463-7')
    assert.equal(latest('cdp1001', '29463-7').valueQuantity?.value, 48.2)
    assert.equal(latest('cdp1001', '39156-5').valueQuantity?.value, 18.4)
    assert.ok(weights.some(({ valueQuantity }) => valueQuantity?.value === 52.3))
    assert.equal(latest('cdp1001', 'nrs2002').valueInteger, 5)
    const today = observations('cdp1001', '9052-2').find(
      ({ effectivePeriod }) => effectivePeriod?.end === NOW.toISOString(),
    )
    assert.equal(today?.valueQuantity?.value, 620)
  })

  test('Vik has a critical potassium that was called to the ward', () => {
    const potassium = latest('cdp1005', '2823-3')
    assert.equal(potassium.valueQuantity?.value, 5.9)
    assert.equal(potassium.interpretation?.[0]?.coding?.[0]?.code, 'HH')
    const called = ofType('Communication').find(({ about }) =>
      about?.some(({ reference }) => reference === `Observation/${potassium.id}`),
    )
    assert.match(called?.payload?.[0]?.contentString ?? '', /kalium 5,9/)
  })

  test('Vik has orders in every state from ordered to final', () => {
    const states = new Set(
      ofType('Task')
        .filter((task) => belongsTo(task, 'cdp1005'))
        .map(({ businessStatus }) => businessStatus?.text),
    )
    assert.deepEqual(
      [...states].toSorted((a = '', b = '') => a.localeCompare(b)),
      ['Bestilt', 'Endelig', 'Prøve tatt', 'Under analyse'],
    )
  })

  test('Aas reports fatigue 7 as a red flag and pain 6, up from 4', () => {
    assert.equal(latest('cdp1006', 'fatigue').interpretation?.[0]?.text, 'Rødt flagg')
    const pain = observations('cdp1006', 'pain').map(({ valueQuantity }) => valueQuantity?.value)
    assert.deepEqual(pain, [2, 3, 3, 4, 6])
  })

  test('Eide has documents he has had blocked, and others', () => {
    const documents = ofType('DocumentReference').filter((document) => belongsTo(document, 'cdp1007'))
    const blocked = documents.filter(({ securityLabel }) => securityLabel?.[0]?.coding?.[0]?.code === 'NORS')
    assert.equal(blocked.length, 2)
    assert.ok(documents.length > 4)
  })

  test('Solberg has her own number, and the help number she came in under as an old one', () => {
    const identifiers = ofType('Patient').find(({ id }) => id === 'cdp1008')?.identifier ?? []
    assert.deepEqual(
      identifiers.map(({ use, value }) => [use, value]),
      [
        ['official', '13839649457'],
        ['old', '80000001205'],
      ],
    )
  })

  test('Haugen is scored on saturation scale 2', () => {
    assert.ok(
      latest('cdp2003', '1104051000000101').component?.some(
        ({ code }) => code.coding?.[0]?.code === '1104321000000108',
      ),
    )
  })

  for (const [trust, eater, imaged, travelling] of trusts) {
    const own = seeded.get(trust) ?? []

    test(`at ${trust} the nutrition app finds weights, intake, need, diet and allergies`, () => {
      for (const code of [
        '29463-7',
        '9052-2',
        '9108-2',
        'protein-intake',
        'energy-need',
        'protein-need',
        'fluid-need',
        'meal',
        'nrs2002',
      ]) {
        assert.ok(observations(eater, code).length > 0, code)
      }
      for (const type of ['NutritionOrder', 'AllergyIntolerance', 'CarePlan'] as const) {
        assert.ok(
          ofType(type, own).some((resource) => belongsTo(resource, eater)),
          type,
        )
      }
    })

    test(`at ${trust} imaging studies name the archive, and agree with it on every UID`, () => {
      const endpoint = ofType('Endpoint', own)[0]
      assert.equal(endpoint?.address, `${HOST}/${trust}/dicomweb`)
      for (const study of ofType('ImagingStudy', own)) {
        const plan = studies.find((candidate) => candidate.study === study.id)
        assert.equal(study.endpoint?.[0]?.reference, `Endpoint/${endpoint?.id}`)
        assert.ok(study.identifier?.some(({ value }) => value === `urn:oid:${plan?.studyUid}`))
        assert.equal(
          study.numberOfInstances,
          study.series?.reduce((sum, { instance }) => sum + (instance?.length ?? 0), 0),
        )
        for (const series of study.series ?? []) {
          series.instance?.forEach(({ uid }, index) => assert.equal(uid, instanceUid(series.uid, index + 1)))
        }
        const report = ofType('DiagnosticReport', own).find(
          ({ imagingStudy }) => imagingStudy?.[0]?.reference === `ImagingStudy/${study.id}`,
        )
        assert.ok(report?.conclusion, study.id)
      }
      const stack = ofType('ImagingStudy', own).find(
        (study) => belongsTo(study, imaged) && (study.numberOfInstances ?? 0) > 100,
      )
      assert.ok(stack, 'a stack of the starring patient')
    })

    test(`at ${trust} ambulances are under way to a room at a time ahead, and no row names anybody`, () => {
      const rows = ofType('Encounter', own).filter(
        (encounter) => encounter.class.code === 'EMER' && encounter.status === 'in-progress',
      )
      assert.ok(rows.length >= 3)
      assert.ok(rows.some(({ subject }) => subject?.reference === `Patient/${travelling}`))
      const vehicles = new Set(
        ofType('Location', own)
          .filter(({ physicalType }) => physicalType?.coding?.[0]?.code === 've')
          .map(({ id }) => `Location/${id}`),
      )
      const families = ofType('Patient', own).map(({ name }) => name?.[0]?.family ?? '-')
      for (const row of rows) {
        const active = row.location?.find(({ status }) => status === 'active')
        const planned = row.location?.find(({ status }) => status === 'planned')
        assert.ok(vehicles.has(active?.location.reference ?? ''))
        assert.ok(Date.parse(planned?.period?.start ?? '') > NOW.getTime())
        assert.ok(row.subject?.display)
        for (const family of families) assert.ok(!JSON.stringify(row).includes(family))
      }
    })
  }
})
