import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type Answer, furnish, startWorld, type World } from './world.ts'

const observation = (patient: string, more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  subject: { reference: `Patient/${patient}` },
  ...more,
})
const get = (url: string) => ({ request: { method: 'GET', url } })

describe('batches and transactions', () => {
  let world: World
  let token: string
  before(async () => {
    world = await startWorld()
    furnish(world.upstream)
    token = await world.token({ scope: 'patient/Observation.cruds patient/Patient.rs' })
  })
  after(() => world.close())
  beforeEach(() => {
    world.upstream.misbehave = undefined
    world.upstream.requests.length = 0
  })

  const post = (type: string, entry: unknown, holder = token): Promise<Answer> =>
    world.fhir('', holder, {
      method: 'POST',
      body: JSON.stringify({ resourceType: 'Bundle', type, entry }),
      headers: { 'content-type': 'application/fhir+json' },
    })
  const statuses = (answer: Answer): string[] =>
    answer.json.entry.map((entry: { response: { status: string } }) => entry.response.status)
  const posted = () => world.upstream.requests.filter(({ method }) => method === 'POST')

  test('each entry of a batch is decided as if it stood alone (SAL-134)', async () => {
    const answer = await post('batch', [
      get('Observation/vital-a'),
      get('Observation/vital-b'),
      get('Observation?patient=pat-b'),
      get('Observation'),
      get('Condition/con-a'),
      get('$export'),
      get('../other/fhir/Patient/pat-b'),
      get('metadata'),
      { request: { method: 'POST', url: '' }, resource: { resourceType: 'Bundle', type: 'batch' } },
      { request: { method: 'POST', url: 'Observation' }, resource: observation('pat-b') },
      'nonsense',
    ])
    assert.equal(answer.status, 200)
    assert.equal(answer.json.type, 'batch-response')
    assert.deepEqual(statuses(answer), ['200', '404', '403', '200', '403', '403', '403', '403', '403', '403', '403'])
    assert.equal(answer.json.entry[3].resource.entry.length, 2)
    assert.doesNotMatch(answer.text, /-b"/)
    assert.deepEqual(posted(), [])
  })

  test('an entry about something hidden and one about nothing say the same', async () => {
    const answer = await post('batch', [get('Observation/vital-b'), get('Observation/nowhere')])
    assert.deepEqual(answer.json.entry[0], answer.json.entry[1])
  })

  test('one refused entry refuses a transaction whole, and nothing is sent', async () => {
    const fine = { request: { method: 'POST', url: 'Observation' }, resource: observation('pat-a') }
    for (const bad of [
      { request: { method: 'POST', url: 'Observation' }, resource: observation('pat-b') },
      { request: { method: 'PUT', url: 'Observation/vital-b' }, resource: { ...observation('pat-a'), id: 'vital-b' } },
      { request: { method: 'PUT', url: 'Observation/nowhere' }, resource: { ...observation('pat-a'), id: 'nowhere' } },
      { request: { method: 'DELETE', url: 'Observation/vital-b' } },
      {
        request: { method: 'POST', url: 'Condition' },
        resource: { resourceType: 'Condition', subject: { reference: 'Patient/pat-a' } },
      },
      { request: { method: 'POST', url: 'Observation', ifNoneExist: 'patient=pat-b' }, resource: observation('pat-a') },
      {
        request: { method: 'POST', url: 'Observation' },
        resource: observation('pat-a', { subject: { reference: 'urn:uuid:1' } }),
      },
      {
        request: { method: 'POST', url: 'Observation' },
        resource: observation('pat-a', { encounter: { reference: 'Encounter/enc-b' } }),
      },
      { request: { method: 'PATCH', url: 'Observation/vital-a' }, resource: { resourceType: 'Binary' } },
      get('Observation?patient=pat-b'),
      get('Patient/pat-a/$everything'),
    ]) {
      const answer = await post('transaction', [fine, bad])
      assert.equal(answer.status, 403, JSON.stringify(bad))
      assert.deepEqual(posted(), [])
    }
  })

  test('a transaction that reads something hidden is refused like one that reads nothing', async () => {
    const texts: string[] = []
    for (const url of ['Observation/vital-b', 'Observation/nowhere', 'Observation/vital-b/_history']) {
      const answer = await post('transaction', [get('Observation/vital-a'), get(url)])
      assert.equal(answer.status, 403, url)
      texts.push(answer.text)
      assert.deepEqual(posted(), [])
    }
    assert.equal(new Set(texts).size, 1)
    assert.deepEqual(statuses(await post('transaction', [get('Observation/vital-a')])), ['200'])
  })

  test('a permitted transaction goes up whole, narrowed, with the versions decided on', async () => {
    const answer = await post('transaction', [
      { fullUrl: 'urn:uuid:1', request: { method: 'POST', url: 'Observation' }, resource: observation('pat-a') },
      { request: { method: 'PUT', url: 'Observation/vital-a' }, resource: { ...observation('pat-a'), id: 'vital-a' } },
      { request: { method: 'DELETE', url: 'Observation/lab-a' } },
      get('Observation'),
    ])
    assert.equal(answer.status, 200, answer.text)
    assert.deepEqual(statuses(answer), ['201', '200', '204', '200'])
    assert.match(answer.json.entry[0].response.location, /^https:\/\/gateway\.example\//)
    const sent = JSON.parse(posted()[0]?.body ?? '{}')
    assert.equal(sent.type, 'transaction')
    assert.match(sent.entry[1].request.ifMatch, /^W\/"\d+"$/)
    assert.match(sent.entry[3].request.url, /patient=pat-a/)
    assert.equal(sent.entry[0].fullUrl, 'urn:uuid:1')
  })

  test('what a transaction brings back is decided too', async () => {
    world.upstream.misbehave = ({ method }) =>
      method === 'POST'
        ? {
            body: {
              resourceType: 'Bundle',
              type: 'transaction-response',
              entry: [
                { resource: observation('pat-b', { id: 'vital-b' }), response: { status: '200 OK' } },
                {
                  resource: {
                    resourceType: 'Bundle',
                    type: 'searchset',
                    entry: [{ resource: observation('pat-b', { id: 'vital-b' }) }],
                  },
                  response: { status: '200 OK' },
                },
              ],
            },
          }
        : undefined
    const answer = await post('transaction', [get('Observation/vital-a'), get('Observation')])
    assert.deepEqual(statuses(answer), ['404', '200'])
    assert.doesNotMatch(answer.text, /pat-b/)
  })

  test('one Bundle makes no more than a bounded number of references be looked up', async () => {
    const members = Array.from({ length: 210 }, (_, index) => ({ ...observation('pat-a'), id: `member-${index}` }))
    world.upstream.put(...members)
    const entries = Array.from({ length: 5 }, (_, entry) => ({
      request: { method: 'POST', url: 'Observation' },
      resource: observation('pat-a', {
        hasMember: members.slice(entry * 42, entry * 42 + 42).map(({ id }) => ({ reference: `Observation/${id}` })),
      }),
    }))
    assert.deepEqual(statuses(await post('batch', entries)), ['201', '201', '201', '201', '422'])
    assert.equal(world.upstream.requests.filter(({ method }) => method === 'GET').length, 200)
    assert.deepEqual(statuses(await post('batch', entries.slice(3).concat(entries.slice(3)))), [
      '201',
      '201',
      '201',
      '201',
    ])
  })

  test('other Bundles, foreign types and endless lists are refused', async () => {
    assert.equal((await post('document', [])).status, 400)
    assert.equal((await post('batch', 'x')).status, 400)
    assert.equal(
      (
        await post(
          'batch',
          Array.from({ length: 201 }, () => get('Patient/pat-a')),
        )
      ).status,
      400,
    )
    assert.equal((await post('batch', [])).status, 200)
  })
})
