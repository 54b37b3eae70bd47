import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type Answer, furnish, OUTSIDE, startWorld, type World } from './world.ts'

type Entry = { fullUrl: string; resource: { resourceType: string; id: string }; search: { mode: string } }
const found = (answer: Answer): string[] =>
  (answer.json.entry ?? []).map((entry: Entry) => `${entry.resource.resourceType}/${entry.resource.id}`)

describe('searching with granular scopes', () => {
  let world: World
  let token: string
  before(async () => {
    world = await startWorld()
    furnish(world.upstream)
    token = await world.token()
  })
  after(() => world.close())
  beforeEach(() => {
    world.upstream.misbehave = undefined
    world.upstream.requests.length = 0
  })

  const asked = (): URLSearchParams => world.upstream.requests.at(-1)?.query ?? new URLSearchParams()

  test('one granular scope narrows the question; several are alternatives; each resource is checked all the same (SAL-141)', async () => {
    const vital = await world.token({ scope: 'patient/Observation.rs?category=vital-signs' })
    assert.deepEqual(found(await world.fhir('Observation', vital)), ['Observation/vital-a'])
    assert.equal(asked().get('category'), 'vital-signs')
    const both = await world.token({
      scope: 'patient/Observation.rs?category=vital-signs patient/Observation.rs?category=laboratory',
    })
    assert.equal(found(await world.fhir('Observation', both)).length, 2)
    assert.equal(asked().get('category'), 'vital-signs,laboratory')
    world.upstream.misbehave = () => ({
      body: {
        resourceType: 'Bundle',
        type: 'searchset',
        entry: [{ resource: world.upstream.stored('Observation', 'lab-a') }],
      },
    })
    assert.deepEqual(found(await world.fhir('Observation', vital)), [])
  })

  test('constraints of one scope must all hold, scopes are alternatives, and a whole scope outdoes a narrow one (SAL-132, SAL-143)', async () => {
    const both = await world.token({ scope: 'patient/Observation.rs?category=vital-signs&status=amended' })
    assert.deepEqual(found(await world.fhir('Observation', both)), [])
    assert.equal(asked().get('status'), 'amended')
    const whole = await world.token({
      scope: 'patient/Observation.r?category=vital-signs patient/Observation.r patient/Observation.s',
    })
    assert.equal((await world.fhir('Observation/lab-a', whole)).status, 200)
    assert.equal(found(await world.fhir('Observation?_id=lab-a,vital-a', whole)).length, 2)
  })

  test('a count counts what the caller may see', async () => {
    assert.equal((await world.fhir('Condition?_summary=count', token)).json.total, 1)
    assert.equal((await world.fhir('Observation?_id=vital-a&_total=accurate', token)).json.total, 1)
    const mixed = await world.token({ scope: 'patient/Observation.rs?category=vital-signs user/Observation.rs?code=x' })
    const answer = await world.fhir('Observation?_summary=count', mixed)
    assert.equal(answer.json.total, 1)
  })

  describe('scopes that no single search can say', () => {
    let mixed: string
    before(async () => {
      mixed = await world.token({
        scope: 'patient/Observation.rs?category=vital-signs user/Observation.rs?category=laboratory',
      })
    })
    const ask = (query: string) => world.fhir(`Observation${query}`, mixed)
    const relations = (answer: Answer): string[] =>
      answer.json.link.map(({ relation }: { relation: string }) => relation).toSorted()

    test('find what each of them opens, and nothing else', async () => {
      assert.deepEqual(found(await ask('')).toSorted(), [
        'Observation/lab-a',
        'Observation/lab-b',
        'Observation/vital-a',
      ])
      assert.deepEqual(found(await ask('?_id=vital-b')), [])
      assert.deepEqual(found(await ask('?category=vital-signs')), ['Observation/vital-a'])
    })

    test('never tell by pages, counts or their lengths that something was hidden', async () => {
      for (const query of ['?_id=vital-b', '?_id=vital-a,vital-b', '?_id=vital-a,nowhere', '?category=vital-signs']) {
        const visible = found(await ask(query)).length
        const page = await ask(`${query}&_count=1`)
        assert.equal(found(page).length, visible, query)
        assert.deepEqual(relations(page), ['self'], query)
        assert.equal((await ask(`${query}&_summary=count`)).json.total, visible, query)
        assert.equal((await ask(`${query}&_total=accurate`)).json.total, visible, query)
      }
      const hidden = await ask('?_id=vital-b&_count=1')
      const unknown = await ask('?_id=nowhere&_count=1')
      assert.equal(hidden.text.replaceAll('vital-b', ''), unknown.text.replaceAll('nowhere', ''))
    })

    test('page through what is visible and no further', async () => {
      const seen: string[] = []
      let answer = await ask('?_count=1')
      for (let page = 0; page < 10; page += 1) {
        assert.equal(found(answer).length, 1)
        seen.push(...found(answer))
        const next = answer.json.link.find(({ relation }: { relation: string }) => relation === 'next')
        if (next === undefined) break
        answer = await follow(next.url, mixed)
      }
      assert.deepEqual(seen.toSorted(), ['Observation/lab-a', 'Observation/lab-b', 'Observation/vital-a'])
    })

    test('are not asked of the server behind in one wide question', async () => {
      await ask('?status=final&_count=1')
      for (const { method, query, body } of world.upstream.requests) {
        const sent = method === 'POST' ? new URLSearchParams(body) : query
        assert.ok(sent.has('patient') || sent.has('category') || sent.has('_id'))
      }
    })

    test('a link of the server behind to anywhere else is not followed', async () => {
      world.upstream.misbehave = ({ method }) =>
        method === 'POST'
          ? {
              body: {
                resourceType: 'Bundle',
                type: 'searchset',
                link: [{ relation: 'next', url: `${world.upstream.dicomweb}/studies` }],
                entry: [],
              },
            }
          : undefined
      assert.deepEqual(found(await ask('')), [])
      assert.ok(world.upstream.requests.every(({ path }) => path.startsWith('/fhir/')))
    })

    test('finding more than can be asked for by id are refused, whatever is hidden', async () => {
      const many = Array.from({ length: 201 }, (_, index) => ({
        resourceType: 'Observation',
        id: `many-${index}`,
        status: 'final',
        category: [{ coding: [{ code: 'survey' }] }],
        subject: { reference: 'Patient/pat-b' },
      }))
      world.upstream.put(...many)
      const scope = 'patient/Observation.rs?category=vital-signs user/Observation.rs?category=survey'
      assert.equal((await world.fhir('Observation', await world.token({ scope }))).status, 403)
      assert.deepEqual(found(await ask('?category=survey')), [])
    })
  })

  const follow = (url: string, holder: string): Promise<Answer> =>
    world.at(url.slice(OUTSIDE.length), { headers: { authorization: `Bearer ${holder}` } })
})
