import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Resource } from '@medplum/fhirtypes'
import { resourcesOf } from '#src/seed/seed-trust.ts'
import { AHUS, OUS } from '#src/seed/units.ts'
import { isWorkday } from '#src/seed/workdays.ts'
import { HOST, ofType } from './world.ts'

const OSLO = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Oslo', dateStyle: 'short', timeStyle: 'short' })
/** `2026-11-20` and `14:07`, as Norwegian clocks show an instant. */
const shown = (instant = ''): readonly [day: string, clock: string] => {
  const [day = '', clock = ''] = OSLO.format(new Date(instant)).split(' ')
  return [day, clock]
}
/** A weekday, a Sunday night, Constitution Day, the night to Christmas, and both changes of the clock. */
const MOMENTS = [
  '2026-11-20T13:07:00Z',
  '2026-11-22T01:43:00Z',
  '2026-05-17T06:12:00Z',
  '2026-12-24T23:30:00Z',
  '2026-03-29T01:10:00Z',
  '2026-10-25T07:55:00Z',
]
const charts: readonly (readonly [string, readonly Resource[]])[] = MOMENTS.flatMap((moment) =>
  [OUS, AHUS].map(
    (trust) => [`${moment} ${trust}`, resourcesOf(trust, { now: new Date(moment), host: HOST })] as const,
  ),
)

describe('seeded times, whenever the seeding is', () => {
  test('clinics see patients on workdays between 08 and 16 only', () => {
    for (const [when, chart] of charts) {
      const visits = ofType('Encounter', chart).flatMap((encounter) =>
        encounter.class.code === 'AMB' ? [[encounter.id, encounter.period?.start, encounter.period?.end] as const] : [],
      )
      const booked = ofType('Appointment', chart).map(({ id, start, end }) => [id, start, end] as const)
      assert.ok(visits.length > 3 && booked.length > 1)
      for (const [id, start, end] of [...visits, ...booked]) {
        const [day, from] = shown(start)
        const [endDay, to] = shown(end ?? start)
        assert.ok(isWorkday(day) && endDay === day, `${when} ${id} ${day}`)
        assert.ok(from >= '08:00' && to <= '16:00', `${when} ${id} ${from}–${to}`)
      }
    }
  })

  test('appointments lie ahead and contacts have begun', () => {
    for (const [when, chart] of charts) {
      const now = Date.parse(when.split(' ')[0] ?? '')
      for (const { id, start } of ofType('Appointment', chart))
        assert.ok(Date.parse(start ?? '') > now, `${when} ${id}`)
      for (const { id, period } of ofType('Encounter', chart))
        assert.ok(Date.parse(period?.start ?? '') <= now, `${when} ${id}`)
    }
  })

  test('in a stay nothing is ordered, imaged or given before the patient came', () => {
    for (const [when, chart] of charts) {
      // Samples before an outpatient visit are ordered for it, so visits do not count here.
      const stays = ofType('Encounter', chart).filter((encounter) => encounter.class.code !== 'AMB')
      const began = new Map(stays.map(({ id, period }) => [`Encounter/${id}`, period?.start ?? '']))
      const times = [
        ...ofType('ServiceRequest', chart).map(({ id, encounter, authoredOn }) => [id, encounter, authoredOn] as const),
        ...ofType('ImagingStudy', chart).map(({ id, encounter, started }) => [id, encounter, started] as const),
        ...ofType('MedicationAdministration', chart).map(
          (dose) => [dose.id, dose.context, dose.effectiveDateTime] as const,
        ),
      ]
      for (const [id, encounter, at = ''] of times) {
        assert.ok(at >= (began.get(encounter?.reference ?? '') ?? ''), `${when} ${id} ${at}`)
      }
    }
  })

  test('a note called after a part of the day was written in it', () => {
    const hours = { natt: ['06'], dag: ['14'], kveld: ['21'], Previsitt: ['08'] }
    for (const [when, chart] of charts) {
      for (const { description = '', date } of ofType('DocumentReference', chart)) {
        const [, clock] = shown(date)
        for (const [word, expected] of Object.entries(hours)) {
          if (description.endsWith(word))
            assert.ok(expected.includes(clock.slice(0, 2)), `${when} ${description} ${clock}`)
        }
      }
    }
  })

  test('no two patients lie in one bed or are on their way to one room', () => {
    for (const [when, chart] of charts) {
      const rooms = ofType('Encounter', chart)
        .filter(({ status }) => status === 'in-progress')
        .flatMap(({ location = [] }) => location.flatMap(({ location: place }) => place.reference ?? []))
        .filter((place) => /Location\/lok.6\d/.test(place))
      assert.equal(new Set(rooms).size, rooms.length, when)
    }
  })
})

describe('workdays', () => {
  test('leave out weekends and the public holidays of Norway', () => {
    for (const day of [
      '2026-04-02',
      '2026-04-03',
      '2026-04-06',
      '2026-05-14',
      '2026-05-25',
      '2026-12-25',
      '2026-11-22',
    ]) {
      assert.equal(isWorkday(day), false, day)
    }
    for (const day of ['2026-04-01', '2026-04-07', '2026-05-18', '2026-11-20']) assert.equal(isWorkday(day), true, day)
  })
})
