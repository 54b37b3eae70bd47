import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startWorld, type World } from '../world.ts'
import { basic, BERG, found, ME, PATIENT, stateAsker, USER } from './state-world.ts'

describe('app state, where policy decides', () => {
  let world: World
  before(async () => {
    world = await startWorld({ stage: 'enforce' })
  })
  after(() => world.close())

  test('about a patient is for who may know of the patient, whatever scopes; about a user it is nobody’s data', async () => {
    const asker = stateAsker(world)
    const { tokenOf, post, put, remove } = asker
    const token = await tokenOf(`${PATIENT} ${USER}`)
    const kept = await post(token, basic(BERG))
    assert.equal(kept.status, 201)
    assert.equal((await found(asker.find(token, BERG))).length, 1)
    const [ask] = world.policy.asked
    assert.ok(ask !== undefined && 'resource' in ask.question)
    assert.deepEqual([ask.question.action, ask.question.resource.type], ['read', 'Patient'])
    world.policy.says = () => ({ reasonCode: 'no-care-relation' })
    const etag = kept.headers.get('etag') ?? ''
    const refused = [
      await asker.find(token, BERG),
      await post(token, basic(BERG)),
      await put(token, kept.json.id, basic(BERG, { id: kept.json.id }), etag),
      await remove(token, kept.json.id, etag),
    ]
    assert.deepEqual(
      refused.map(({ status }) => status),
      [403, 403, 403, 403],
    )
    assert.equal((await post(await tokenOf(USER), basic(ME))).status, 201)
    world.policy.says = () => ({ reasonCode: 'facts-unavailable' })
    assert.equal((await asker.find(token, BERG)).status, 503)
  })

  test('is written down with the patient it is about, or not kept', async () => {
    world.policy.says = () => undefined
    world.records.length = 0
    const { tokenOf, post } = stateAsker(world)
    assert.equal((await post(await tokenOf(PATIENT), basic(BERG))).status, 201)
    assert.deepEqual(
      world.records.map(({ activity, patient, what }) => [activity, patient, what?.interaction]),
      [['app-state-access', 'pat-a', 'create']],
    )
    world.audit.fails = true
    const token = await tokenOf(PATIENT)
    assert.equal((await post(token, basic(BERG))).status, 503)
    world.audit.fails = false
    assert.equal((await post(token, basic(BERG))).status, 201, 'nothing was kept before')
  })
})
