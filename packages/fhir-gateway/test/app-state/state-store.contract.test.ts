import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Database } from '@uthopp/storage/database'
import { onEachEngine } from '@uthopp/storage/on-each-engine'
import { raceAcrossProcesses } from '@uthopp/storage/race'
import { tenantOf } from '@uthopp/storage/tenant'
import { createStateStore, MOST_ABOUT_ONE_HOLDER } from '#src/app-state/sql-state-store.ts'
import type { StateStore, StateWish, StoredState } from '#src/app-state/state-store.ts'
import { MIGRATIONS } from '#src/storage/migrations.ts'
import { aWish, CLIENT, PLACE } from './wishes.ts'

const OUS = tenantOf('993467049')
const AHUS = tenantOf('983971636')
const storeOf = (db: Database) => createStateStore(db, OUS)

async function kept(store: StateStore, wish: StateWish = aWish(), clientId = CLIENT): Promise<StoredState> {
  const state = await store.create(clientId, wish)
  if (typeof state === 'string') throw new Error(state)
  return state
}

onEachEngine(MIGRATIONS, ({ open, newPlace, shared }) => {
  test('a state is found at its place as it was written, and nowhere else', async () => {
    const store = storeOf(await open())
    const state = await kept(store, aWish({ content: '{"x":"æ"}' }))
    assert.equal(state.version, 1)
    assert.deepEqual(await store.find(CLIENT, PLACE), state)
    for (const other of [{ holder: '' }, { code: 'tabs' }, { system: 'https://b.example' }, { subject: '' }])
      assert.equal(await store.find(CLIENT, { ...PLACE, ...other }), undefined)
  })

  test('apps and trusts keep their own states at one place, and none sees or changes another’s', async () => {
    const db = await open()
    const store = storeOf(db)
    const elsewhere = createStateStore(db, AHUS)
    const mine = await kept(store)
    assert.equal(await store.find('other-app', PLACE), undefined)
    assert.equal(await elsewhere.find(CLIENT, PLACE), undefined)
    for (const [theirs, clientId] of [
      [store, 'other-app'],
      [elsewhere, CLIENT],
    ] as const) {
      assert.equal(await theirs.update(clientId, mine.id, 1, aWish({ content: 'taken' })), undefined)
      assert.equal(await theirs.remove(clientId, mine.id, 1, [PLACE]), false)
      await kept(theirs, aWish({ content: 'theirs' }), clientId)
    }
    assert.deepEqual(await store.find(CLIENT, PLACE), mine)
  })

  test('a second state at one place is not kept, also when two come at once', async () => {
    const store = storeOf(await open())
    const outcomes = await Promise.all([store.create(CLIENT, aWish()), store.create(CLIENT, aWish())])
    assert.equal(outcomes.filter((outcome) => outcome === 'exists').length, 1)
    assert.equal(await store.create(CLIENT, aWish()), 'exists')
  })

  test('an update needs the version, the code, the subject and the drawer, and makes the next version', async () => {
    const store = storeOf(await open())
    const { id } = await kept(store)
    for (const other of [{ holder: '' }, { code: 'tabs' }, { system: 'https://b.example' }, { subject: '' }])
      assert.equal(await store.update(CLIENT, id, 1, aWish(other)), undefined)
    assert.equal(await store.update(CLIENT, id, 2, aWish()), undefined)
    assert.equal((await store.update(CLIENT, id, 1, aWish({ content: 'b' })))?.version, 2)
    assert.equal(await store.update(CLIENT, id, 1, aWish({ content: 'c' })), undefined)
    assert.equal((await store.find(CLIENT, PLACE))?.content, 'b')
  })

  test('a removal needs the version and one of the drawers, and what is removed is gone', async () => {
    const store = storeOf(await open())
    const { id } = await kept(store)
    assert.equal(await store.remove(CLIENT, id, 1, []), false)
    assert.equal(await store.remove(CLIENT, id, 1, [{ ...PLACE, holder: '' }]), false)
    assert.equal(await store.remove(CLIENT, id, 2, [PLACE]), false)
    assert.equal(await store.remove(CLIENT, id, 1, [{ ...PLACE, code: '', system: 'https://b.example' }]), false)
    assert.equal(await store.remove(CLIENT, id, 1, [{ ...PLACE, code: '' }]), true)
    const next = await kept(store)
    assert.equal(await store.remove(CLIENT, next.id, 1, [{ ...PLACE, code: 'tabs' }, PLACE]), true)
    assert.equal(await store.remove(CLIENT, id, 1, [PLACE]), false)
    assert.equal(await store.update(CLIENT, id, 1, aWish()), undefined)
    assert.notEqual((await kept(store)).id, id)
  })

  test('an app that keeps too much about one holder is told so, and others are not', async () => {
    const store = storeOf(await open())
    for (let count = 0; count < MOST_ABOUT_ONE_HOLDER; count += 1) await kept(store, aWish({ subject: `p${count}` }))
    assert.equal(await store.create(CLIENT, aWish()), 'full')
    await kept(store, aWish({ holder: 'Practitioner/stf102' }))
    await kept(store, aWish(), 'other-app')
  })

  if (shared) {
    test('of several processes that replace one version exactly one succeeds', async () => {
      const place = newPlace()
      const store = storeOf(await open(place))
      await kept(store)
      const script = new URL('./update-contender.ts', import.meta.url)
      const outcomes = await raceAcrossProcesses({ script, place, count: 6 })
      assert.deepEqual(outcomes.filter(Boolean), [true])
      assert.equal((await store.find(CLIENT, PLACE))?.version, 2)
    })
  }
})
