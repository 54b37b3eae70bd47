import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { Answer, Loose } from '../world.ts'
import { bare, hidingWorld, nextOf, OWN, type Question } from './hiding-world.ts'

describe('a search of very many, where policy hides some of what is found', () => {
  const { world, stored, hide, told, compare, get } = hidingWorld()
  const many = Array.from({ length: 1300 }, (_, index) => `many${index}`)
  before(() => {
    for (const id of many)
      world().upstream.put({ resourceType: 'Observation', id, status: 'final', code: { text: 'm' }, subject: OWN })
  })
  beforeEach(() => {
    world().upstream.requests.length = 0
  })
  after(() => {
    for (const id of many) world().upstream.remove('Observation', id)
  })
  const all = () => [...many, ...stored.filter(([type]) => type === 'Observation').map(([, id]) => id)]
  const allBut = (...left: readonly string[]) =>
    all()
      .filter((id) => !left.includes(id))
      .map((id) => ['Observation', id] as const)
  const idsOf = ({ json }: Answer): string[] => (json.entry ?? []).map(({ resource }: Loose) => resource.id)

  test('goes through what is hidden in pages of its own, however short those are that are asked for', async () => {
    hide(allBut())
    for (const path of ['Observation?_count=1', 'Observation?_count=1&_total=accurate&_sort=-_id', 'Observation']) {
      world().upstream.requests.length = 0
      const answer = await world().fhir(path, await world().token())
      assert.deepEqual([idsOf(answer), nextOf(answer)], [[], undefined], path)
      // Units of visits are looked up whatever is asked, and remembered for a moment.
      const asked = world().upstream.requests.filter(({ path }) => path !== '/fhir/Encounter').length
      assert.ok(asked <= 10, `${asked} requests`)
    }
    hide(allBut('many700', 'many1299'))
    const first = await world().fhir('Observation?_count=1&_total=accurate', await world().token())
    assert.deepEqual([idsOf(first), first.json.total], [['many700'], undefined])
    const pages = await told(get('Observation?_count=1'), await world().token())
    assert.deepEqual(
      pages.map(({ text }) => /"id":"(\w+)"/.exec(text)?.[1]),
      ['many700', 'many1299'],
    )
    await compare('all but two', get('Observation?_count=1&_total=accurate'), allBut('many700', 'many1299'))
    await compare('all but some', get('Observation?_count=500&_total=accurate'), allBut(...many.slice(0, 400)))
  })

  test('asks once where nothing is hidden, and once more beside the deciding to know whether more follows', async () => {
    const asked = async (path: string): Promise<number> => {
      world().upstream.requests.length = 0
      const answer = await world().fhir(path, await world().token())
      assert.equal(answer.status, 200)
      return world().upstream.requests.filter(({ path }) => path !== '/fhir/Encounter').length
    }
    assert.equal(await asked('Observation?_count=50&code=x'), 1)
    assert.equal(await asked('Observation?_count=50&code=m&_id=many1,many2'), 1)
    assert.equal(await asked(`Observation?_count=50&_id=${many.slice(0, 60).join(',')}`), 2)
    assert.equal(await asked('Condition?_include=Condition:encounter&code=x'), 1)
  })

  test('says that something was left out by what is shown alone', async () => {
    const path = 'Patient?_id=pat-a&_revinclude=Observation:patient'
    const cuts = async (): Promise<boolean> => (await get(path)(await world().token())).text.includes('too-costly')
    assert.equal(await cuts(), true)
    hide(allBut('many1', 'many1299'))
    const answer = await get(path)(await world().token())
    assert.deepEqual(idsOf(answer), ['pat-a', 'many1', 'many1299'])
    hide(allBut(...many.slice(1, 1000)))
    assert.equal(await cuts(), false)
    hide(allBut(...many.slice(1, 1001), 'obs1'))
    assert.equal(await cuts(), true)
    await compare(path, get(path), allBut(...many.slice(5, 1005)))
    await compare(path, get(path), allBut(...many.slice(5, 1205)))
  })
})

describe('a search that would never end, where policy hides what it finds', () => {
  const { world, hide } = hidingWorld()
  /** A server whose links say nothing, and every page of which holds one match. */
  const endless = (resource: Loose): void => {
    let page = 0
    world().upstream.misbehave = () => {
      page += 1
      return {
        body: {
          resourceType: 'Bundle',
          type: 'searchset',
          link: [{ relation: 'next', url: `${world().upstream.base}?_getpages=secret&at=${page}` }],
          entry: [{ resource, search: { mode: 'match' } }],
        },
      }
    }
  }
  const batchOf =
    (count: number, url: string): Question =>
    (token) =>
      world().fhir('', token, {
        method: 'POST',
        body: JSON.stringify({
          resourceType: 'Bundle',
          type: 'batch',
          entry: Array.from({ length: count }, () => ({ request: { method: 'GET', url } })),
        }),
        headers: { 'content-type': 'application/fhir+json' },
      })
  const observation = { resourceType: 'Observation', id: 'one', status: 'final', code: { text: 'x' }, subject: OWN }
  beforeEach(() => {
    world().upstream.requests.length = 0
  })
  after(() => {
    world().upstream.misbehave = undefined
  })

  test('ends with a link, whether what it went through was hidden or was nothing that was asked for', async () => {
    hide([['Observation', 'one']])
    const answers = []
    for (const resource of [
      observation,
      { ...observation, resourceType: 'Condition' },
      { ...observation, subject: { reference: 'Patient/pat-b' } },
    ]) {
      endless(resource)
      world().upstream.requests.length = 0
      const answer = await world().fhir('Observation?code=x&_count=1', await world().token())
      assert.ok(nextOf(answer) !== undefined)
      assert.ok(world().upstream.requests.length < 300, `${world().upstream.requests.length} requests`)
      answers.push(bare(answer))
    }
    assert.deepEqual(answers[1], answers[0])
    assert.deepEqual(answers[2], answers[0])
  })

  test('costs the server behind no more in a batch of many than alone, but for a little each', async () => {
    hide([['Observation', 'one']])
    endless(observation)
    const answer = await batchOf(8, 'Observation?code=x&_count=1')(await world().token())
    assert.ok(world().upstream.requests.length < 350, `${world().upstream.requests.length} requests`)
    assert.deepEqual(
      answer.json.entry.map(({ response }: Loose) => response.status),
      Array.from({ length: 8 }, () => '200'),
    )
  })

  test('costs no more as a history, whose hidden versions are gone through in the same way', async () => {
    world().upstream.put(observation)
    hide([])
    const versionsOf = (count: number): void => {
      let page = 0
      const hidden = { resource: { ...observation, subject: { reference: 'Patient/pat-b' } } }
      world().upstream.misbehave = ({ path }) => {
        if (!path.endsWith('_history')) return undefined
        page += 1
        const next = `${world().upstream.base}/Observation/one/_history?at=${page}`
        const entry = Array.from({ length: count }, () => hidden)
        return { body: { resourceType: 'Bundle', type: 'history', link: [{ relation: 'next', url: next }], entry } }
      }
    }
    for (const [count, most] of [
      [500, 60],
      [1, 300],
    ] as const) {
      versionsOf(count)
      world().upstream.requests.length = 0
      const answer = await world().fhir(`Observation/one/_history?_count=${count}`, await world().token())
      assert.deepEqual([answer.status, answer.json.entry], [200, undefined])
      assert.ok(nextOf(answer) !== undefined)
      assert.ok(world().upstream.requests.length < most, `${world().upstream.requests.length} requests`)
    }
    versionsOf(500)
    world().upstream.requests.length = 0
    const batch = await batchOf(8, 'Observation/one/_history')(await world().token())
    assert.ok(world().upstream.requests.length < 100, `${world().upstream.requests.length} requests`)
    assert.ok(batch.json.entry.every(({ response }: Loose) => response.status.startsWith('200')))
    world().upstream.remove('Observation', 'one')
  })

  test('is refused past what one request may cost, in the words of FHIR, and is logged', async () => {
    hide([['Observation', 'one']])
    endless(observation)
    world().records.length = 0
    const answer = await batchOf(200, 'Observation?code=x&_count=1')(await world().token())
    assert.equal(answer.status, 200)
    assert.equal(world().upstream.requests.length, 1000)
    const last = answer.json.entry.at(-1).response
    assert.deepEqual([last.status, last.outcome.issue[0].code], ['403', 'too-costly'])
    assert.ok(world().records.some(({ outcome }) => outcome === 'refused'))
    const count = await world().fhir('Observation?code=x&_summary=count', await world().token())
    assert.deepEqual([count.status, count.json.issue[0].code], [403, 'too-costly'])
  })
})
