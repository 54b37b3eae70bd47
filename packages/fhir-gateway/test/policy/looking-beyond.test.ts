import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, furnish, type Loose, startWorld, type World } from '../world.ts'

const BLOCKED = { reasonCode: 'blocked-by-patient', rules: ['guard-blocked'] } as const
const BANNER = [{ id: 'banner', type: 'banner', properties: { code: 'sperret-finnes' } }] as const

describe('what is looked at beyond a page', () => {
  let world: World
  let token: string
  before(async () => {
    world = await startWorld({ stage: 'enforce' })
    furnish(world.upstream)
    world.upstream.remove('Condition', 'con-a')
    for (let index = 0; index < 9; index += 1)
      world.upstream.put({ resourceType: 'Condition', id: `c${index}`, subject: { reference: 'Patient/pat-a' } })
  })
  after(() => world.close())
  beforeEach(async () => {
    world.policy.says = () => undefined
    world.policy.mark = 'one'
    world.clock.ahead = 0
    world.records.length = 0
    token = await world.token()
  })

  const hide = (...ids: readonly string[]): void => {
    world.policy.says = ({ question }) =>
      'resource' in question && ids.includes(question.resource.id ?? '')
        ? { ...BLOCKED, obligations: BANNER }
        : undefined
  }
  const page = async (path = 'Condition?_count=4', bearer = token): Promise<Answer> => {
    world.upstream.requests.length = 0
    const answer = await world.fhir(path, bearer)
    assert.equal(answer.status, 200, answer.text)
    return answer
  }
  const shownBy = ({ json }: Answer) => ({
    ids: (json.entry ?? []).map(({ resource }: Loose) => resource.id).filter((id: unknown) => id !== undefined),
    next: json.link.some(({ relation }: Loose) => relation === 'next'),
    banner: JSON.stringify(json).includes('sperret-finnes'),
  })
  const whole = { ids: ['c0', 'c1', 'c2', 'c3'], next: true, banner: false }
  /** The page itself, the one after it, and all of it for the banner. */
  const EACH = 3

  test('is looked at once while nothing is heard of the patient', async () => {
    const [first, asked] = [await page(), world.upstream.requests.length]
    const [second, askedAgain] = [await page(), world.upstream.requests.length]
    assert.deepEqual([shownBy(first), shownBy(second)], [whole, whole])
    assert.deepEqual([asked, askedAgain], [EACH, 1])
    const bare = ({ text }: Answer): string => text.replace(/_uthopp-page=[\w-]+/, '')
    assert.equal(bare(first), bare(second))
  })

  test('is looked at again when something is heard, after four seconds, by every other token and where nobody can say', async () => {
    const looksAgain = async (change: () => unknown, bearer?: string): Promise<void> => {
      await page()
      await change()
      assert.deepEqual(shownBy(await page(undefined, bearer)), whole)
      assert.equal(world.upstream.requests.length, EACH)
    }
    await looksAgain(() => (world.policy.mark = 'two'))
    await looksAgain(() => (world.clock.ahead = 4))
    await looksAgain(() => (world.clock.ahead = 0)) // a clock that was set back
    await looksAgain(() => undefined, await world.token())
    world.policy.mark = undefined
    await looksAgain(() => undefined)
  })

  test('what a remembered look spares never shows what is hidden by now', async () => {
    await page()
    hide('c1', 'c5')
    assert.deepEqual(shownBy(await page()).ids, ['c0', 'c2', 'c3', 'c4'])
    await page()
    hide('c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8')
    assert.deepEqual(shownBy(await page()), { ids: [], next: false, banner: false })
    world.policy.mark = 'two'
    assert.equal(shownBy(await page()).banner, true)
  })

  test('nothing that follows is no memory: what is new on the next page is told of at once', async () => {
    hide('c4', 'c5', 'c6', 'c7', 'c8')
    assert.equal(shownBy(await page()).next, false)
    hide('c5', 'c6', 'c7', 'c8')
    assert.equal(shownBy(await page()).next, true)
  })

  test('what is blocked is looked for by name and label where these tell it all, and nowhere for who may not hear of it', async () => {
    const asked = (): string[] =>
      world.upstream.requests
        .filter(({ path }) => path.endsWith('_search'))
        .map(({ body }) => {
          const form = new URLSearchParams(body)
          return `${form.get('patient')} ${form.get('_security') ?? form.get('_id') ?? 'all'}`
        })
    hide('c8')
    world.policy.places = 'nothing'
    assert.equal(shownBy(await page()).banner, false)
    assert.deepEqual(asked(), [])
    world.policy.mark = 'two'
    world.policy.places = { names: ['Condition/c8', 'Condition/c7', 'DocumentReference/d1'], labelSystem: 'urn:labels' }
    // The stub takes no notice of labels, as some servers do, and answers all: it is decided on like the rest.
    assert.equal(shownBy(await page()).banner, true)
    assert.deepEqual(asked().toSorted(), ['pat-a c8,c7', 'pat-a urn:labels|'])
    world.policy.places = { names: [], labelSystem: 'urn:labels' }
    world.upstream.misbehave = ({ body }) => (body.includes('_security') ? { status: 400, body: {} } : undefined)
    assert.equal(shownBy(await page()).banner, true)
    assert.deepEqual(asked(), ['pat-a urn:labels|', 'pat-a all'])
    world.upstream.misbehave = ({ body }) =>
      body.includes('_security') ? { body: { resourceType: 'Bundle', type: 'searchset', link: [] } } : undefined
    assert.equal(shownBy(await page()).banner, false)
    world.upstream.misbehave = undefined
    world.policy.places = 'anything'
  })

  test('what is blocked is found, told of and logged each time', async () => {
    hide('c8')
    for (const _ of [1, 2]) {
      world.records.length = 0
      assert.deepEqual(shownBy(await page()), { ...whole, banner: true })
      const refused = world.records.filter(({ outcome }) => outcome === 'refused')
      assert.deepEqual(
        refused.map(({ what }) => what?.ids),
        [['Condition/c8']],
      )
    }
  })
})

describe('what is read while standing is asked about', () => {
  let world: World
  before(async () => {
    world = await startWorld({ stage: 'enforce' })
    furnish(world.upstream)
  })
  after(() => world.close())
  beforeEach(() => {
    world.policy.mark = 'one'
    world.policy.says = () => undefined
    world.clock.ahead = 0
  })
  /** While the decision point thinks, there is time to read. */
  const reads = async (path: string, token: string) => {
    world.upstream.requests.length = 0
    world.policy.until = sleep(50)
    const { status, text } = await world.fhir(path, token)
    return { status, text: text.replaceAll(/[0-9a-f]{32}/g, 'correlation'), read: world.upstream.requests.length }
  }
  const refuse = (): void => {
    world.policy.says = () => ({ reasonCode: 'no-active-licence', rules: ['guard-licence'] })
  }

  test('is dropped unseen when standing was lost, and never read for a token that had none', async () => {
    const [token, other] = [await world.token(), await world.token()]
    world.policy.says = () => undefined
    await reads('Observation/lab-a', token)
    await reads('Practitioner/stf101', other) // a directory is no patient to stand towards
    refuse()
    for (const path of ['Observation/lab-a', 'Observation', 'Observation/nowhere']) {
      const [lost, never] = [await reads(path, token), await reads(path, other)]
      assert.deepEqual([lost.status, never.status], [403, 403])
      assert.equal(lost.text, never.text)
      assert.deepEqual([lost.read, never.read], [1, 0])
    }
    assert.ok(world.records.slice(-6).every(({ outcome }) => outcome === 'refused'))
  })

  test('is read so within a minute of the last time, while nothing is heard, and never where nobody can say', async () => {
    const token = await world.token()
    const readAfter = async (change: () => unknown): Promise<number> => {
      world.policy.says = () => undefined
      await reads('Observation/lab-a', token)
      refuse() // nothing is read any more but what was read meanwhile
      await change()
      const { status, read } = await reads('Observation/lab-a', token)
      assert.equal(status, 403)
      return read
    }
    assert.equal(await readAfter(() => undefined), 1)
    assert.equal(await readAfter(() => (world.clock.ahead += 59)), 1)
    assert.equal(await readAfter(() => (world.clock.ahead += 60)), 0)
    assert.equal(await readAfter(() => (world.policy.mark = 'two')), 0)
    assert.equal(await readAfter(() => (world.clock.ahead = 0)), 0) // a clock that was set back
    world.policy.mark = undefined // as with a decision point elsewhere
    assert.equal(await readAfter(() => undefined), 0)
  })

  test('brings the places of its visits along, looked up once', async () => {
    world.policy.says = () => undefined
    const token = await world.token()
    const encounter = { reference: 'Encounter/enc-a' }
    world.upstream.put({ resourceType: 'Goal', id: 'g', subject: { reference: 'Patient/pat-a' }, encounter })
    await reads('Goal/g', token)
    for (const path of ['Goal/g', 'Goal']) {
      world.clock.ahead += 10 // what was known of the visit is too old by now
      const { status, text } = await reads(path, token)
      assert.deepEqual([status, text.includes('"g"')], [200, true])
      const asked = world.upstream.requests.map((request) => request.path.replace('/fhir/', ''))
      assert.deepEqual(asked, [path, 'Encounter'])
    }
    world.clock.ahead += 10
    world.upstream.misbehave = ({ path }) => (path.endsWith('/Encounter') ? { status: 500, body: {} } : undefined)
    assert.equal((await reads('Goal/g', token)).status, 502)
    world.upstream.misbehave = undefined
    world.clock.ahead = 0
    world.upstream.remove('Goal', 'g')
  })

  test('is read once, and matters no more than before where it cannot be', async () => {
    world.policy.says = () => undefined
    const token = await world.token()
    for (const _ of [1, 2]) {
      const { status, read } = await reads('Observation/lab-a', token)
      assert.deepEqual([status, read], [200, 1])
    }
    world.upstream.misbehave = () => ({ status: 500, body: {} })
    assert.equal((await reads('Observation/lab-a', token)).status, 502)
    refuse()
    assert.equal((await reads('Observation/lab-a', token)).status, 403)
    world.upstream.misbehave = undefined
  })
})
