import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { readChart } from '../../../web/src/api/overview.ts'
import { news2Points } from '../../../web/src/chart/news2.ts'
import { readUnit } from '../../../web/src/api/patients.ts'
import { AHUS, startSurfaceWorld, type Screen, type SurfaceWorld } from './surface-world.ts'

let world: SurfaceWorld
let nordmann: Screen
before(async () => {
  world = await startSurfaceWorld()
  nordmann = world.screen()
  await nordmann.signIn('nordmann')
})
after(() => world.close())

const families = async (screen: Screen, text?: string) => {
  const { body } = text === undefined ? await screen.get('unit') : await screen.post('patients/search', { text })
  return readUnit(body, 'unit')
    .patients.map(({ patient }) => patient.family)
    .toSorted()
}

describe('the patient list', () => {
  test('holds the patients in the care of the active role’s units and no others', async () => {
    assert.deepEqual(await families(nordmann), ['Hansen', 'Lien', 'Moen', 'Solberg'])
    const ward = world.screen()
    await ward.signIn('fjell', 'agb102')
    assert.deepEqual(await families(ward), ['Berg', 'Eide'])
    const ahus = world.screen(AHUS)
    await ahus.signIn('tveit')
    assert.deepEqual(await families(ahus), ['Dahl', 'Haugen', 'Nilsen', 'Strand'])
  })

  test('says who is still in an ambulance, and when to expect them', async () => {
    const { patients } = readUnit((await nordmann.get('unit')).body, 'unit')
    const lien = patients.find(({ patient }) => patient.family === 'Lien')
    assert.deepEqual([lien?.status, lien?.next?.what], ['underway', 'Ventes inn'])
    assert.match(lien?.place ?? '', /^Ambulanse/)
    assert.equal((lien?.news2?.score ?? 0) >= 7, true)
  })

  test('is searched by name, number, birth date and room', async () => {
    for (const text of ['hans', 'Hansen, Nora', 'nora han', '24895949457', '240959', '49457 han']) {
      assert.deepEqual(await families(nordmann, text), ['Hansen'], text)
    }
    assert.deepEqual(await families(nordmann, 'ambulanse'), ['Lien', 'Moen'])
  })

  test('finds nobody of another unit, however exact the question', async () => {
    for (const text of ['Berg', '19854349034', 'cdp1001']) assert.deepEqual(await families(nordmann, text), [])
  })
})

describe('a chart', () => {
  test('of every patient of both trusts is one the work surface can read', async () => {
    for (const [orgnr, username] of [
      ['993467049', 'nordmann'],
      ['993467049', 'lund'],
      ['993467049', 'myhre'],
      [AHUS, 'tveit'],
    ] as const) {
      const screen = world.screen(orgnr)
      await screen.signIn(username)
      for (const { patient } of readUnit((await screen.get('unit')).body, 'unit').patients) {
        const chart = readChart((await screen.get(`patients/${patient.id}`)).body, patient.id)
        assert.equal(chart.patient.id, patient.id)
        assert.equal(
          chart.encounters.some(({ status }) => status === 'open'),
          true,
          patient.family,
        )
      }
    }
  })

  test('looks lived in: measurements, answers with their flags, images, notes, orders', async () => {
    const chart = readChart((await nordmann.get('patients/cdp1004')).body, 'chart')
    assert.equal(
      chart.vitals.find(({ key }) => key === 'bloodPressure')?.points.every(({ lower }) => lower !== null),
      true,
    )
    assert.equal(
      chart.labs.some(({ results }) => results.some(({ flag }) => flag === 'H')),
      true,
    )
    assert.equal(
      chart.imaging.some(({ title, conclusion }) => title === 'CT thorax med kontrast' && conclusion !== null),
      true,
    )
    assert.equal(
      chart.documents.some(({ body, title }) => body !== '' && !body.startsWith(title)),
      true,
    )
    assert.equal(chart.orders.length > 0 && chart.medications.length > 0 && chart.critical.length > 0, true)
  })

  test('shows beside each NEWS2 the measurements that make it up, to the point', async () => {
    for (const { patient } of readUnit((await nordmann.get('unit')).body, 'unit').patients) {
      const { vitals, oxygenScale2, news2Three } = readChart(
        (await nordmann.get(`patients/${patient.id}`)).body,
        'chart',
      )
      const score = vitals.find(({ key }) => key === 'news2')?.points.at(-1)
      if (score === undefined) continue
      const points = vitals.flatMap((series) => {
        const last = series.points.at(-1)
        return last === undefined ? [] : [news2Points(series.key, last.value, oxygenScale2) ?? 0]
      })
      assert.equal(
        points.reduce((sum, each) => sum + each, 0),
        score.value,
        patient.family,
      )
      assert.equal(
        news2Three,
        points.some((each) => each >= 3),
        patient.family,
      )
    }
  })

  test('has its measurements oldest first and its documents newest first', async () => {
    const chart = readChart((await nordmann.get('patients/cdp1004')).body, 'chart')
    for (const { points } of chart.vitals) {
      assert.deepEqual(
        points,
        points.toSorted((a, b) => a.at.getTime() - b.at.getTime()),
      )
    }
    const times = chart.documents.map(({ at }) => at.getTime())
    assert.deepEqual(
      times,
      times.toSorted((a, b) => b - a),
    )
  })

  test('knows whose saturation is read on scale 2', async () => {
    const ahus = world.screen(AHUS)
    await ahus.signIn('tveit')
    assert.equal(readChart((await ahus.get('patients/cdp2003')).body, 'chart').oxygenScale2, true)
    assert.equal(readChart((await nordmann.get('patients/cdp1004')).body, 'chart').oxygenScale2, false)
  })

  test('of another unit is refused exactly like one that does not exist', async () => {
    const other = await nordmann.get('patients/cdp1006')
    const none = await nordmann.get('patients/cdp9999')
    assert.deepEqual([other.status, other.body['error']], [403, 'patient_not_available'])
    assert.deepEqual([none.status, none.body['error_description']], [403, other.body['error_description']])
  })

  test('is shown to nobody who is not signed in', async () => {
    assert.equal((await world.screen().get('patients/cdp1004')).status, 401)
  })
})
