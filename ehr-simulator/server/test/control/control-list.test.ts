import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { readTaken } from '../../../web/src/api/access.ts'
import { readControl } from '../../../web/src/api/control.ts'
import { PASSWORD, type Screen, startSurfaceWorld, type SurfaceWorld } from '../work-surface/surface-world.ts'

const REASON = 'Kollega på vakt ba om hjelp til vurdering'

let world: SurfaceWorld
let fjell: Screen
let holm: Screen
let decision: string
before(async () => {
  world = await startSurfaceWorld()
  fjell = world.screen()
  await fjell.signIn('fjell', 'agb102')
  const answer = await fjell.post('access', { patient: 'cdp1006', ground: 'DELBEHAN', reason: REASON })
  decision = readTaken(answer.body, 'taken').decision
  holm = world.screen()
  await holm.signIn('holm')
})
after(() => world.close())

const entries = async () => readControl((await holm.get('control')).body, 'control').entries
const review = (screen: Screen, changes: object = {}) =>
  screen.post('control/review', { decision, outcome: 'accepted', note: 'Snakket med Jon, i orden', ...changes })

describe('the control list', () => {
  test('shows the leader what the unit’s people gave themselves, with their own words', async () => {
    const entry = (await entries()).find((each) => each.decision === decision)
    assert.deepEqual(
      [entry?.who, entry?.role, entry?.patient, entry?.reason, entry?.review],
      ['Jon Fjell, sykepleier', 'Sykepleier, sengepost 4B', 'Aas, Ingrid', REASON, null],
    )
  })

  test('is for leaders alone, and of their own unit alone', async () => {
    for (const [who, role] of [
      ['fjell', 'agb102'],
      ['nordmann', undefined],
      ['lie', undefined],
    ] as const) {
      const screen = world.screen()
      await screen.signIn(who, role)
      assert.equal((await screen.get('control')).body['error'], 'control_not_available')
      assert.equal((await review(screen)).body['error'], 'control_not_available')
    }
    const roed = world.screen()
    await roed.signIn('roed')
    await roed.post('access', { patient: 'cdp1006', ground: 'DELBEHAN', reason: REASON })
    assert.deepEqual([...new Set((await entries()).map(({ role }) => role))], ['Sykepleier, sengepost 4B'])
  })

  test('takes a review once, with a note, and shows whose it is', async () => {
    assert.equal((await review(holm, { note: ' ' })).body['error'], 'note_required')
    assert.equal((await review(holm, { outcome: 'fine' })).body['error'], 'invalid_request')
    assert.equal((await review(holm)).status, 204)
    const made = (await entries()).find((each) => each.decision === decision)?.review
    assert.deepEqual([made?.by, made?.outcome, made?.note], ['Randi Holm', 'accepted', 'Snakket med Jon, i orden'])
    assert.equal((await review(holm, { note: 'En gang til' })).body['error'], 'review_not_available')
  })

  test('has every emergency about a patient of the unit, whoever it was, and its leader reviews it', async () => {
    const nordmann = world.screen()
    await nordmann.signIn('nordmann')
    const blocked = (await nordmann.get('patients/cdp1007/blocked')).body['items'] as readonly { readonly id: string }[]
    const items = blocked.slice(0, 1).map(({ id }) => id)
    const wish = { patient: 'cdp1007', items, reason: REASON, confirmed: true, password: PASSWORD }
    const lifted = await nordmann.post('glass', wish)
    const id = readTaken(lifted.body, 'taken').decision
    const entry = (await entries()).find((each) => each.decision === id)
    assert.deepEqual(
      [entry?.kind, entry?.mustReview, entry?.items, entry?.who],
      ['glass', true, 1, 'Eva Nordmann, lege'],
    )
    assert.equal((await review(holm, { decision: id, outcome: 'questioned' })).status, 204)
    const elsewhere = await nordmann.post('access', { patient: 'cdp1006', ground: 'BLAALYS', reason: REASON })
    const other = readTaken(elsewhere.body, 'taken').decision
    assert.equal(
      (await entries()).some((each) => each.decision === other),
      false,
    )
    assert.equal((await review(holm, { decision: other })).body['error'], 'review_not_available')
  })

  test('has emergencies in akuttmottak for its own leader, and for no other', async () => {
    const [roed, wold] = [world.screen(), world.screen()]
    await roed.signIn('roed')
    await wold.signIn('wold')
    const taken = await roed.post('access', { patient: 'cdp1004', ground: 'BLAALYS', reason: REASON })
    const id = readTaken(taken.body, 'taken').decision
    const theirs = readControl((await wold.get('control')).body, 'control').entries
    const entry = theirs.find((each) => each.decision === id)
    assert.deepEqual([entry?.kind, entry?.mustReview, entry?.who], ['emergency', true, 'Nils Røed, ambulansearbeider'])
    assert.equal(
      (await entries()).some((each) => each.decision === id),
      false,
    )
    assert.equal((await review(holm, { decision: id })).body['error'], 'review_not_available')
    assert.equal((await review(wold, { decision: id })).status, 204)
  })

  test('is not gone through by oneself', async () => {
    const taken = await holm.post('access', { patient: 'cdp1006', ground: 'DELBEHAN', reason: REASON })
    const own = readTaken(taken.body, 'taken').decision
    assert.equal((await review(holm, { decision: own })).body['error'], 'own_access')
  })
})
