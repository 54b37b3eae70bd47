import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import type { Encounter, Observation } from '@medplum/fhirtypes'
import { type FhirStore, openFhirStore } from '#src/fhir/repository.ts'
import { createLiveVitals, startLiveVitals } from '#src/live/live-vitals.ts'
import { resourcesOf } from '#src/seed/seed-trust.ts'
import { AHUS, OUS } from '#src/seed/units.ts'

const START = new Date('2026-11-20T13:00:00Z')
const LIVE = `Observation?_tag=${encodeURIComponent('http://uthopp.example/fhir/CodeSystem/live|live')}&_count=500`

const byText = (a = '', b = ''): number => a.localeCompare(b)

/** The seven measurements and the score of each of the two patients under way to OUS. */
const PER_BEAT = 16

type World = {
  readonly store: FhirStore
  readonly clock: { time: number }
  readonly now: () => Date
  readonly beat: () => Promise<void>
}

async function openWorld(context: TestContext, orgnr: string): Promise<World> {
  const clock = { time: START.getTime() }
  const now = (): Date => new Date(clock.time)
  const store = openFhirStore({ file: ':memory:', now })
  context.after(() => store.close())
  await store.load(resourcesOf(orgnr, { now: START, host: 'http://localhost:4300' }))
  return { store, clock, now, beat: createLiveVitals({ store, orgnr, now }).beat }
}

const liveCount = async (store: FhirStore): Promise<number> =>
  (await store.searchUrl(`${LIVE.replace('_count=500', '_count=1')}&_total=accurate`)).total ?? -1

describe('live vital signs', () => {
  for (const [orgnr, patient] of [
    [OUS, 'cdp1002'],
    [AHUS, 'cdp2004'],
  ] as const) {
    test(`each beat at ${orgnr} writes NEWS2 and the seven measurements it is made of, of who is in the ambulance`, async (context) => {
      const { store, beat } = await openWorld(context, orgnr)
      await beat()
      const written = await store.findAll<Observation>(`${LIVE}&patient=${patient}`)
      assert.deepEqual(written.map(({ code }) => code.coding?.[0]?.code).toSorted(byText), [
        '1104051000000101',
        '3151-8',
        '59408-5',
        '80288-4',
        '8310-5',
        '85354-9',
        '8867-4',
        '9279-1',
      ])
      for (const observation of written) {
        assert.equal(observation.subject?.reference, `Patient/${patient}`)
        assert.equal(observation.effectiveDateTime, START.toISOString())
      }
    })
  }

  test('at every beat the score is the sum of its parts, and the list of ambulances says the same score', async (context) => {
    const { store, clock, beat } = await openWorld(context, OUS)
    const told = new Set<string>()
    for (let index = 0; index < 120; index += 1) {
      await beat()
      for (const [patient, id] of [
        ['cdp1002', 'enc1002'],
        ['cdp1003', 'enc1003'],
      ]) {
        const [score] = await store.findAll<Observation>(
          `Observation?patient=${patient}&code=1104051000000101&_sort=-date&_count=1`,
        )
        assert.equal(score?.effectiveDateTime, new Date(clock.time).toISOString())
        const total = score?.valueQuantity?.value
        const sum = score?.component?.reduce((all, { valueQuantity }) => all + (valueQuantity?.value ?? NaN), 0)
        assert.equal(sum, total)
        const { reasonCode = [] } = await store.readResource<Encounter>('Encounter', id ?? '')
        assert.deepEqual(
          reasonCode.flatMap(({ text = '' }) => (text.startsWith('NEWS2') ? [text] : [])),
          [`NEWS2 ${total}`],
        )
        told.add(`${patient} ${total}`)
      }
      clock.time += 2000
    }
    assert.ok(told.size > 2, 'the scores move')
  })

  test('a transport is written anew only when its score changes', async (context) => {
    const { store, beat } = await openWorld(context, OUS)
    await beat()
    const before = await store.readResource<Encounter>('Encounter', 'enc1003')
    await beat()
    assert.equal((await store.readResource<Encounter>('Encounter', 'enc1003')).meta?.versionId, before.meta?.versionId)
  })

  test('a poll by last update sees each new reading', async (context) => {
    const { store, clock, beat } = await openWorld(context, OUS)
    await beat()
    clock.time += 2000
    const since = new Date(clock.time).toISOString()
    await beat()
    const fresh = await store.findAll<Observation>(`Observation?patient=cdp1002&_lastUpdated=ge${since}`)
    assert.equal(fresh.length, 8)
    assert.ok(fresh.every(({ effectiveDateTime }) => effectiveDateTime === since))
  })

  test('readings older than an hour are gone with their history, and the record before them stays', async (context) => {
    const { store, clock, beat } = await openWorld(context, OUS)
    const recorded = (await store.searchUrl('Observation?_count=1&_total=accurate')).total ?? 0
    // Two hours at a beat every twelve seconds.
    for (let index = 0; index < 600; index += 1) {
      await beat()
      clock.time += 12_000
    }
    const oldest = (await store.findAll<Observation>(`${LIVE}&_sort=date`)).at(0)
    assert.ok(Date.parse(oldest?.effectiveDateTime ?? '') >= clock.time - 3_600_000 - 15 * 12_000)
    const kept = await liveCount(store)
    assert.ok(kept >= PER_BEAT * 300 && kept <= PER_BEAT * (300 + 15), `${kept}`)
    const total = (await store.searchUrl('Observation?_count=1&_total=accurate')).total ?? 0
    assert.equal(total - kept, recorded)
    const first = `liv1002-${START.getTime()}-1`
    assert.equal(await store.find('Observation', first), undefined)
    await assert.rejects(store.readHistory('Observation', first), 'nothing is left of it, not even a tombstone')
  })

  test('what an earlier run of the process left behind is dropped by the first beat', async (context) => {
    const { store, clock, now, beat } = await openWorld(context, OUS)
    for (let index = 0; index < 250; index += 1) {
      await beat()
      clock.time += 2000
    }
    clock.time += 26 * 3_600_000
    await createLiveVitals({ store, orgnr: OUS, now }).beat()
    assert.equal(await liveCount(store), PER_BEAT)
  })

  test('the monitor falls silent when the patient has been received', async (context) => {
    const { store, beat } = await openWorld(context, OUS)
    const encounter = await store.readResource<Encounter>('Encounter', 'enc1002')
    await store.updateResource<Encounter>({ ...encounter, status: 'finished' })
    await beat()
    assert.equal((await store.findAll(`${LIVE}&patient=cdp1002`)).length, 0)
    assert.equal((await store.findAll(`${LIVE}&patient=cdp1003`)).length, 8, 'the other ambulance goes on')
  })

  test('ambulances whose time has passed are sent on, and those still under way are left alone', async (context) => {
    const { store, clock, beat } = await openWorld(context, OUS)
    const dueOf = (encounter: Encounter): number =>
      Date.parse(encounter.location?.find(({ status }) => status === 'planned')?.period?.start ?? '')
    const before = await store.readResource<Encounter>('Encounter', 'enc1002')
    await beat()
    assert.equal(dueOf(await store.readResource<Encounter>('Encounter', 'enc1002')), dueOf(before))
    clock.time += 9 * 3_600_000
    for (let index = 0; index < 15; index += 1) await beat()
    for (const encounter of await store.findAll<Encounter>('Encounter?class=EMER&status=in-progress')) {
      assert.ok(dueOf(encounter) > clock.time, encounter.id)
    }
  })

  test('a trust without ambulances has nothing to send', async (context) => {
    const { store, now } = await openWorld(context, OUS)
    await createLiveVitals({ store, orgnr: '999999999', now }).beat()
    assert.equal(await liveCount(store), 0)
  })

  test('they beat by themselves, and the store may be closed once they are stopped', async (context) => {
    const { store, now } = await openWorld(context, OUS)
    const failures: unknown[] = []
    const live = startLiveVitals({ store, orgnr: OUS, now, onFailure: (error) => failures.push(error) })
    await live.stop()
    assert.equal(await liveCount(store), PER_BEAT, 'the first beat is over, and was the last')
    assert.deepEqual(failures, [])
  })
})
