import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { furnish, startWorld, type World } from '../world.ts'

const STEP_MS = 50
/** Timers may fire within the millisecond before. */
const ALMOST = STEP_MS - 1

describe('an answer that shows nothing', () => {
  let world: World
  let token: string
  before(async () => {
    world = await startWorld({ stage: 'enforce' })
    furnish(world.upstream)
    const encounter = { reference: 'Encounter/enc-a' }
    world.upstream.put({ resourceType: 'Goal', id: 'g', subject: { reference: 'Patient/pat-a' }, encounter })
    token = await world.token()
    world.policy.says = ({ question }) =>
      'resource' in question && question.resource.id === 'g'
        ? { reasonCode: 'blocked-by-patient', rules: ['guard-blocked'] }
        : undefined
  })
  after(() => world.close())

  async function timed(
    path: string,
    init: RequestInit = {},
  ): Promise<{ readonly ms: number; readonly status: number }> {
    const began = performance.now()
    const { status } = await world.fhir(path, token, init)
    return { ms: performance.now() - began, status }
  }
  const batchOf = (url: string): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url } }] }),
  })

  test('leaves at a full step of time, be it hidden or not there, by whatever it was asked for', async () => {
    for (const path of ['Goal/g', 'Goal/unknown', 'Goal/g/_history', 'Goal/unknown/_history/1']) {
      const { ms, status } = await timed(path)
      assert.equal(status, 404)
      assert.ok(ms >= ALMOST, `${path} after ${ms} ms`)
    }
    for (const id of ['g', 'unknown']) {
      for (const path of [`Goal?_id=${id}`, `Goal?_id=${id}&_summary=count`]) {
        const { ms, status } = await timed(path)
        assert.equal(status, 200)
        assert.ok(ms >= ALMOST, `${path} after ${ms} ms`)
      }
      assert.ok((await timed('', batchOf(`Goal/${id}`))).ms >= ALMOST)
      assert.equal((await timed(`Goal/${id}`, { method: 'DELETE' })).status, 403) // the scope does not cover it
    }
  })

  test('takes no longer where a slow look-up shows that it is hidden', async () => {
    world.upstream.misbehave = ({ path }) => (path.endsWith('/Encounter') ? sleep(25).then(() => undefined) : undefined)
    const [hidden, unknown]: [number[], number[]] = [[], []]
    for (let round = 0; round < 9; round += 1) {
      world.clock.ahead += 5 // what was known of the visit is too old by now
      hidden.push((await timed('Goal/g')).ms)
      unknown.push((await timed('Goal/unknown')).ms)
    }
    world.upstream.misbehave = undefined
    world.clock.ahead = 0
    const median = (values: number[]): number => values.toSorted((one, other) => one - other)[4] ?? 0
    const differ = Math.abs(median(hidden) - median(unknown))
    assert.ok(differ < 20 || Math.abs(differ - STEP_MS) < 20, `${median(hidden)} and ${median(unknown)} ms`)
  })

  test('is alone in waiting: what is shown is not kept back', async () => {
    const shown: number[] = []
    for (let round = 0; round < 10; round += 1) shown.push((await timed('Observation/lab-a')).ms)
    assert.ok(Math.min(...shown) < ALMOST)
  })
})
