import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type Answer, BASE, furnish, OUTSIDE, startWorld, type World } from './world.ts'

type Entry = { fullUrl: string; resource: { resourceType: string; id: string }; search: { mode: string } }
const found = (answer: Answer): string[] =>
  (answer.json.entry ?? []).map((entry: Entry) => `${entry.resource.resourceType}/${entry.resource.id}`)

describe('the pages of a search', () => {
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

  test('an ordinary paging link is sealed like any other, and no way back or to the end is told', async () => {
    world.upstream.misbehave = () => ({
      body: {
        resourceType: 'Bundle',
        type: 'searchset',
        link: [
          { relation: 'next', url: `${world.upstream.base}/Observation?patient=pat-a&_count=1&_offset=1` },
          { relation: 'last', url: `${world.upstream.base}/Observation?patient=pat-a&_count=1&_offset=99` },
          { relation: 'previous', url: `${world.upstream.base}/Observation?patient=pat-a&_count=1` },
          { relation: 'first', url: `${world.upstream.base}/Observation?patient=pat-a&_count=1` },
        ],
      },
    })
    const answer = await world.fhir('Observation?_count=1&_elements=code', token)
    const [self, next, ...others] = answer.json.link
    assert.deepEqual([self, others], [{ relation: 'self', url: `${BASE}/Observation?_count=1&_elements=code` }, []])
    assert.equal(next.relation, 'next')
    assert.ok(next.url.startsWith(`${BASE}?_uthopp-page=`))
    world.upstream.misbehave = undefined
    assert.equal((await world.at(next.url.slice(OUTSIDE.length))).status, 401)
    assert.equal((await follow(next.url, await world.token({ patient: 'pat-b' }))).status, 404)
    const further = await follow(next.url, token)
    assert.deepEqual(found(further), ['Observation/lab-a'])
    assert.deepEqual(Object.keys(further.json.entry[0].resource).toSorted(), [
      'code',
      'id',
      'meta',
      'resourceType',
      'status',
    ])
    assert.equal(world.upstream.requests.at(-1)?.query.get('_offset'), '1')
  })

  test('a link to anywhere else is none', async () => {
    world.upstream.misbehave = () => ({
      body: {
        resourceType: 'Bundle',
        type: 'searchset',
        link: [{ relation: 'next', url: 'http://elsewhere.example/fhir/Observation?_offset=0' }],
      },
    })
    assert.deepEqual((await world.fhir('Observation', token)).json.link, [
      { relation: 'self', url: `${BASE}/Observation` },
    ])
  })

  test('no page is named by its place, in the words of whatever server', async () => {
    for (const place of [
      '_offset=1',
      '_page=2',
      '_maxresults=1',
      '_getpages=1&_getpagesoffset=1',
      '_cursor=x',
      '_skip=1',
      'page=2',
    ])
      for (const type of ['Observation', 'Patient/pat-a/Observation']) {
        const answer = await world.fhir(`${type}?_count=1&${place}`, token)
        assert.equal(answer.status, 400, place)
        assert.equal(answer.json.issue[0].code, 'invalid')
      }
    for (const count of ['x', '-1', '1.5', '', '1&_count=2'])
      assert.equal((await world.fhir(`Observation?_count=${count}`, token)).status, 400, count)
    assert.equal(world.upstream.requests.length, 0)
  })

  test('an opaque paging link is sealed for its holder, and its page is decided too', async () => {
    const page = (request: { query: URLSearchParams }) => ({
      resourceType: 'Bundle',
      type: 'searchset',
      link: [{ relation: 'next', url: `${world.upstream.base}?_getpages=7d2c&_getpagesoffset=1` }],
      entry: [
        { resource: world.upstream.stored('Observation', request.query.has('_getpages') ? 'lab-a' : 'vital-a') },
        { resource: world.upstream.stored('Observation', 'vital-b') },
      ],
    })
    world.upstream.misbehave = (request) => ({ body: page(request) })
    const first = await world.fhir('Observation', token)
    const next: string = first.json.link[1].url
    assert.ok(next.startsWith(`${BASE}?_uthopp-page=`))
    assert.doesNotMatch(first.text, /getpages|127\.0\.0\.1/)
    const second = await follow(next, token)
    assert.deepEqual(found(second), ['Observation/lab-a'])
    assert.equal(second.json.link[0].url, `${BASE}/Observation`)
    assert.equal(world.upstream.requests.at(-1)?.query.get('_getpages'), '7d2c')
    const unknown = await world.fhir('Observation/nowhere', token)
    for (const thief of [
      await world.token({ patient: 'pat-b' }),
      await world.token({ sub: 'stf102' }),
      await world.token({ client_id: 'other' }),
    ]) {
      const refused = await follow(next, thief)
      assert.equal(refused.status, 404)
      assert.equal(refused.text, unknown.text)
    }
    const narrower = await follow(next, await world.token({ scope: 'patient/Condition.rs' }))
    assert.equal(narrower.status, 403)
    assert.equal((await follow(`${next.slice(0, -4)}AAAA`, token)).status, 404)
  })

  const follow = (url: string, holder: string): Promise<Answer> =>
    world.at(url.slice(OUTSIDE.length), { headers: { authorization: `Bearer ${holder}` } })
})
