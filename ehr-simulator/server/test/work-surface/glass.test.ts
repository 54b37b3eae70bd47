import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { DocumentReference } from '@medplum/fhirtypes'
import { sql } from '@uthopp/storage/sql'
import { readBlocked, readTaken } from '../../../web/src/api/access.ts'
import { readChart } from '../../../web/src/api/overview.ts'
import { readBlocks } from '../../../web/src/citizen/api.ts'
import { OUS, PASSWORD, type Screen, startSurfaceWorld, type SurfaceWorld } from './surface-world.ts'

const EIDE = 'cdp1007'
const REASON = 'Pasienten er bevisstløs, og medisinlisten mangler'

let world: SurfaceWorld
before(async () => {
  world = await startSurfaceWorld()
})
after(() => world.close())

const signedIn = async (username: string, role?: string): Promise<Screen> => {
  const screen = world.screen()
  await screen.signIn(username, role)
  return screen
}
const chartOf = async (screen: Screen) => readChart((await screen.get(`patients/${EIDE}`)).body, 'chart')
const itemsOf = async (screen: Screen) =>
  readBlocked((await screen.get(`patients/${EIDE}/blocked`)).body, 'blocked').items
const open = (screen: Screen, changes: object = {}) =>
  screen.post('glass', { patient: EIDE, items: [], reason: REASON, confirmed: true, password: PASSWORD, ...changes })

/** How often it was written down that somebody was kept from lifting a block. */
async function refusals(): Promise<number> {
  const rows = await world.database.acrossTenants.all<{ record: string }>(sql`select record from audit_outbox`)
  return rows.filter(({ record }) => record.includes('"break-glass-refused"')).length
}

describe('what a patient has blocked', () => {
  test('is not in the chart, and only whoever could open it hears that there is something', async () => {
    const [physician, nurse] = [
      await chartOf(await signedIn('nordmann')),
      await chartOf(await signedIn('fjell', 'agb102')),
    ]
    assert.equal(physician.mayOpenBlocked, true)
    assert.equal(nurse.mayOpenBlocked, false)
    assert.deepEqual(
      nurse.documents.map(({ id }) => id),
      physician.documents.map(({ id }) => id),
    )
    assert.deepEqual(await itemsOf(await signedIn('fjell', 'agb102')), [])
  })

  test('is told by kind and date, never by title', async () => {
    const nordmann = await signedIn('nordmann')
    const { body } = await nordmann.get(`patients/${EIDE}/blocked`)
    const items = readBlocked(body, 'blocked').items
    assert.equal(items.length > 0, true)
    assert.deepEqual([...new Set(items.map(({ kind }) => kind))], ['Dokument'])
    const entries = body['items'] as readonly object[]
    for (const entry of entries) assert.deepEqual(Object.keys(entry).toSorted(), ['at', 'id', 'kind'])
  })
})

describe('a block of a whole profession', () => {
  const wish = { kind: 'profession', target: 'LE' }
  const eide = async () => {
    const screen = world.home()
    await screen.signIn('eide')
    return screen
  }
  const standing = async (screen: Screen) => readBlocks((await screen.get('blocks')).body, 'blocks').blocks

  test('leaves the physician a chart with nothing in it but who it is, in which a block can be lifted', async () => {
    const [home, nordmann, fjell] = [await eide(), await signedIn('nordmann'), await signedIn('fjell', 'agb102')]
    const before = await chartOf(fjell)
    assert.equal((await home.post('blocks', wish)).status, 204)
    const closed = await chartOf(nordmann)
    assert.deepEqual([closed.documents, closed.mayOpenBlocked], [[], true])
    const items = await itemsOf(nordmann)
    assert.deepEqual([items.length > 0, items.some(({ id }) => id.startsWith('Patient/'))], [true, false])
    const [first] = items.filter(({ id }) => id.startsWith('DocumentReference/'))
    assert.equal((await open(nordmann, { items: [first?.id] })).status, 201)
    assert.deepEqual(
      (await chartOf(nordmann)).documents.map(({ id }) => `DocumentReference/${id}`),
      [first?.id],
    )
    assert.deepEqual((await chartOf(fjell)).documents, before.documents, 'other professions see what they saw')
    world.pass(16)
    for (const { id, kind } of await standing(home))
      if (kind === 'profession') assert.equal((await home.post('blocks/lift', { block: id })).status, 204)
  })

  test('leaves nothing to whoever may lift none', async () => {
    const [home, fjell] = [await eide(), await signedIn('fjell', 'agb102')]
    assert.equal((await home.post('blocks', { ...wish, target: 'SP' })).status, 204)
    const answer = await fjell.get(`patients/${EIDE}`)
    assert.deepEqual([answer.status, answer.body['error']], [403, 'patient_not_available'])
    for (const { id, kind } of await standing(home))
      if (kind === 'profession') assert.equal((await home.post('blocks/lift', { block: id })).status, 204)
  })
})

describe('lifting a block', () => {
  test('opens the named items with their text, for a quarter of an hour, and nothing else', async () => {
    const nordmann = await signedIn('nordmann')
    const before = await chartOf(nordmann)
    const [first, ...rest] = await itemsOf(nordmann)
    assert.ok(first)
    const { until, kind } = readTaken((await open(nordmann, { items: [first.id] })).body, 'taken')
    assert.equal(kind, 'glass')
    const during = await chartOf(nordmann)
    const shown = during.documents.filter(({ opened }) => opened)
    assert.deepEqual(
      shown.map(({ id }) => `DocumentReference/${id}`),
      [first.id],
    )
    assert.notEqual(shown[0]?.body, '')
    assert.equal(during.documents.length, before.documents.length + 1)
    assert.equal((await itemsOf(nordmann)).length, rest.length)
    assert.equal(Math.round((until.getTime() - during.now.getTime()) / 60_000), 15)
    const other = await chartOf(await signedIn('fjell', 'agb102'))
    assert.equal(other.documents.length, before.documents.length, 'nobody else sees more')
    world.pass(16)
    assert.equal((await chartOf(nordmann)).documents.length, before.documents.length)
  })

  test('opens a document with its bytes where a register blocked the document alone', async () => {
    const nordmann = await signedIn('nordmann')
    const document = (await chartOf(nordmann)).documents[0]
    assert.ok(document)
    const item = `DocumentReference/${document.id}`
    await world.database.acrossTenants.run(sql`insert into care_block (tenant, id, patient, kind, target, starts_at)
      values (${OUS}, 'block-alone', ${EIDE}, 'document', ${item}, 0)`)
    assert.equal(
      (await itemsOf(nordmann)).some(({ id }) => id === item),
      true,
    )
    assert.equal((await open(nordmann, { items: [item] })).status, 201)
    const shown = (await chartOf(nordmann)).documents.find(({ opened }) => opened)
    assert.deepEqual([shown?.id, shown?.body], [document.id, document.body])
    world.pass(16)
    await world.database.acrossTenants.run(sql`delete from care_block where id = ${'block-alone'}`)
  })

  test('opens what is blocked by its label alone, and nothing that is not blocked for this person', async () => {
    const nordmann = await signedIn('nordmann')
    const [shown] = (await chartOf(nordmann)).documents
    const store = world.store()
    const document = await store.find<DocumentReference>('DocumentReference', shown?.id ?? '')
    assert.ok(document)
    const item = `DocumentReference/${document.id}`
    assert.equal((await open(nordmann, { items: [item] })).body['error'], 'item_not_blocked')
    const security = [{ system: 'urn:oid:2.16.578.1.12.4.1.1.9603', code: 'NORS' }]
    await store.updateResource({ ...document, meta: { ...document.meta, security } })
    assert.equal(
      (await itemsOf(nordmann)).some(({ id }) => id === item),
      true,
    )
    assert.equal((await open(nordmann, { items: [item, 'DocumentReference/dok1004-1'] })).status, 403)
    assert.equal((await open(nordmann, { items: [item] })).status, 201)
    const opened = (await chartOf(nordmann)).documents.find((each) => each.opened)
    assert.equal(opened?.id, document.id)
    world.pass(16)
    await store.updateResource(document)
  })

  test('is stopped before its time by whoever began it', async () => {
    const nordmann = await signedIn('nordmann')
    const [first] = await itemsOf(nordmann)
    const { decision } = readTaken((await open(nordmann, { items: [first?.id] })).body, 'taken')
    assert.equal((await nordmann.post('access/end', { decision })).status, 204)
    assert.equal(
      (await chartOf(nordmann)).documents.some(({ opened }) => opened),
      false,
    )
  })

  const refused = [
    ['without a confirmation', { confirmed: false }, 400, 'confirmation_required'],
    ['without words', { reason: 'haster' }, 400, 'reason_required'],
    ['by whoever only sits at the screen', { password: undefined }, 400, 'password_required'],
    ['with an empty password', { password: '' }, 400, 'password_required'],
    ['with a wrong password', { password: 'uthopp' }, 403, 'password_wrong'],
    ['of nothing', { items: [] }, 400, 'items_required'],
    ['of what is not blocked', { items: ['DocumentReference/dok1007-none'] }, 403, 'item_not_blocked'],
  ] as const
  for (const [what, changes, status, code] of refused) {
    test(`${what} is refused, and opens nothing`, async () => {
      const nordmann = await signedIn('nordmann')
      const [first] = await itemsOf(nordmann)
      const answer = await open(nordmann, { items: [first?.id], ...changes })
      assert.deepEqual([answer.status, answer.body['error']], [status, code])
      assert.equal(
        (await chartOf(nordmann)).documents.some(({ opened }) => opened),
        false,
      )
    })
  }

  test('is closed after ten wrong passwords, as signing in is, and each of them is written down', async () => {
    const [nordmann, elsewhere] = [await signedIn('nordmann'), world.screen()]
    const [item] = await itemsOf(nordmann)
    const before = await refusals()
    for (let attempt = 0; attempt < 10; attempt += 1) {
      assert.equal((await open(nordmann, { items: [item?.id], password: `guess ${attempt}` })).status, 403)
    }
    const right = await open(nordmann, { items: [item?.id] })
    assert.deepEqual([right.status, right.body['error']], [429, 'too_many_attempts'])
    assert.match(right.headers.get('retry-after') ?? '', /^\d+$/)
    assert.equal((await elsewhere.signIn('nordmann')).status, 429)
    assert.equal((await refusals()) - before, 11)
    world.pass(2)
    assert.equal((await open(nordmann, { items: [item?.id] })).status, 201)
  })

  test('is for physicians who have access already: a nurse, a dietitian and a stranger are refused', async () => {
    const [item] = await itemsOf(await signedIn('nordmann'))
    const nurse = await open(await signedIn('fjell', 'agb102'), { items: [item?.id] })
    assert.deepEqual([nurse.status, nurse.body['error']], [403, 'glass_not_available'])
    const stranger = await open(await signedIn('bakke'), { items: [item?.id] })
    assert.deepEqual([stranger.status, stranger.body['error']], [403, 'patient_not_available'])
  })

  test('is not begun by the blue light', async () => {
    const bakke = await signedIn('bakke')
    await bakke.post('access', { patient: EIDE, ground: 'DELBEHAN', reason: 'Gransker bilder for vakthavende lege' })
    assert.equal(
      (await chartOf(bakke)).documents.some(({ opened }) => opened),
      false,
    )
  })
})
