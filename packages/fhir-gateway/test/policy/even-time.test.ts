import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { evenly } from '#src/http/even-time.ts'
import { furnish, startWorld, type World } from '../world.ts'

const STEP_MS = 50

/** Time that passes only where a test lets it, and timers that cut what they are asked for, as those of Node do. */
function ownTime() {
  let at = 0.1
  const slept: number[] = []
  return {
    pass: (ms: number): undefined => {
      at += ms
    },
    slept,
    timing: {
      now: () => at,
      sleep: (ms: number) => {
        slept.push(ms)
        at += Math.trunc(ms)
        return Promise.resolve()
      },
    },
  }
}

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
      assert.ok(ms >= STEP_MS, `${path} after ${ms} ms`)
    }
    for (const id of ['g', 'unknown']) {
      for (const path of [`Goal?_id=${id}`, `Goal?_id=${id}&_summary=count`]) {
        const { ms, status } = await timed(path)
        assert.equal(status, 200)
        assert.ok(ms >= STEP_MS, `${path} after ${ms} ms`)
      }
      assert.ok((await timed('', batchOf(`Goal/${id}`))).ms >= STEP_MS)
      assert.equal((await timed(`Goal/${id}`, { method: 'DELETE' })).status, 403) // the scope does not cover it
    }
  })
})

describe('an answer that shows nothing, in time of its own', () => {
  let world: World
  let token: string
  const time = ownTime()
  before(async () => {
    world = await startWorld({ stage: 'enforce', timing: time.timing })
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

  async function taken(path: string): Promise<number> {
    world.clock.ahead += 5 // what was known of the visit is too old by now
    const began = time.timing.now()
    await world.fhir(path, token)
    return time.timing.now() - began
  }

  test('takes as long where a slow look-up shows that it is hidden as where nothing is looked up', async () => {
    for (const [ofVisit, steps] of [
      [0.4, 1],
      [25.7, 1],
      [46.2, 1],
      [60.3, 2],
    ] as const) {
      const lookUps: string[] = []
      world.upstream.misbehave = ({ path }) => {
        if (path.endsWith('/Encounter')) lookUps.push(path)
        return time.pass(path.endsWith('/Encounter') ? ofVisit : 0.2)
      }
      for (const [path, expected] of [
        ['Goal/g', steps],
        ['Goal/unknown', 1],
        ['Goal?_id=g', steps],
        ['Goal?_id=unknown', 1],
      ] as const) {
        const ms = await taken(path)
        assert.ok(
          ms >= expected * STEP_MS - 1e-6 && ms < expected * STEP_MS + 1,
          `${path} after ${ms} ms, visit ${ofVisit}`,
        )
      }
      assert.equal(lookUps.length, 2)
    }
    world.upstream.misbehave = undefined
  })

  test('is alone in waiting: what is shown is not kept back', async () => {
    time.slept.length = 0
    assert.equal(await taken('Observation/lab-a'), 0)
    assert.equal((await world.fhir('Observation/lab-a', token)).status, 200)
    assert.deepEqual(time.slept, [])
  })
})

test('a step is whole, however early timers end', async () => {
  for (const took of [0, 0.001, 12.34, 49.999, 50, 99.5]) {
    let at = 7.7
    const timing = {
      now: () => at,
      sleep: (ms: number) => {
        assert.ok(Number.isInteger(ms), `${ms} ms`)
        at += ms - 0.9
        return Promise.resolve()
      },
    }
    const work = () => {
      at += took
      return Promise.resolve('nothing')
    }
    const began = at
    assert.equal(await evenly({ enforces: true }, work, { showsNothing: () => true, timing }), 'nothing')
    const [least, ms] = [(Math.floor(took / STEP_MS) + 1) * STEP_MS, at - began]
    assert.ok(ms >= least - 1e-6 && ms < least + 1, `${ms} ms after work of ${took} ms`)
    at = began
    await evenly({ enforces: false }, work, { showsNothing: () => true, timing })
    assert.equal(at, began + took, 'where nothing is hidden, nobody waits')
  }
})
