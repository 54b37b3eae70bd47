import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
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
    assert.equal(first.text, second.text)
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
