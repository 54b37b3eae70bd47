import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type Answer, furnish, startWorld, until, type World } from '../world.ts'

const BLOCKED = { reasonCode: 'blocked-by-patient', rules: ['guard-blocked'] } as const

describe('writing, where policy decides', () => {
  let world: World
  const subject = { reference: 'Patient/pat-a' }
  before(async () => {
    world = await startWorld({ stage: 'enforce' })
    furnish(world.upstream)
  })
  after(() => world.close())
  beforeEach(() => {
    world.policy.says = () => undefined
    world.policy.asked.length = 0
    world.upstream.requests.length = 0
  })

  const hide = (...ids: readonly string[]): void => {
    world.policy.says = ({ question }) =>
      'resource' in question && ids.includes(question.resource.id ?? '') ? BLOCKED : undefined
  }
  const send = async (
    method: string,
    path: string,
    body: object,
    headers: Record<string, string> = {},
    claims: Readonly<Record<string, unknown>> = {},
  ): Promise<Answer> =>
    world.fhir(path, await world.token({ scope: 'patient/*.cruds', ...claims }), {
      method,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/fhir+json', ...headers },
    })
  const writes = () =>
    world.upstream.requests.filter(({ method, path }) => method !== 'GET' && !path.endsWith('_search'))

  test('both the stored and the proposed version are decided, and either alone refuses the change', async () => {
    const observation = { resourceType: 'Observation', id: 'lab-a', status: 'final', subject }
    const marked = { ...observation, meta: { security: [{ system: 's', code: 'V' }] } }
    assert.equal((await send('PUT', 'Observation/lab-a', observation)).status, 200)
    const labels = world.policy.asked.flatMap(({ question }) => ('resource' in question ? [question.action] : []))
    assert.ok(labels.filter((action) => action === 'update').length >= 2)
    world.policy.says = ({ question }) =>
      'resource' in question && question.resource.labels.includes('s|V')
        ? { reasonCode: 'sensitivity-too-high' }
        : undefined
    assert.equal((await send('PUT', 'Observation/lab-a', marked)).status, 403)
    assert.equal((await send('POST', 'Observation', { ...marked, id: undefined })).status, 403)
    hide('lab-a')
    assert.equal((await send('PUT', 'Observation/lab-a', observation)).status, 404)
    assert.equal(writes().length, 1)
  })

  test('each entry of a transaction is decided, and one that is refused refuses it whole', async () => {
    const entry = (resource: object, url: string, method: string) => ({ resource, request: { method, url } })
    const observation = { resourceType: 'Observation', status: 'final', subject }
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        entry(observation, 'Observation', 'POST'),
        entry({ ...observation, id: 'vital-a' }, 'Observation/vital-a', 'PUT'),
      ],
    }
    hide('vital-a')
    assert.equal((await send('POST', '', bundle)).status, 403)
    assert.equal(writes().length, 0)
    hide()
    assert.equal((await send('POST', '', bundle)).status, 200)
  })

  test('a condition that only a hidden resource meets is met by nothing', async () => {
    const observation = { resourceType: 'Observation', status: 'final', subject }
    const create = () => send('POST', 'Observation', observation, { 'if-none-exist': '_id=lab-a' })
    assert.equal((await create()).status, 200)
    hide('lab-a')
    assert.equal((await create()).status, 201)
    const update = await send('PUT', 'Observation?_id=lab-a', observation)
    assert.equal(update.status, 201)
  })

  test('a condition is met by what is visible of its matches alone, and never tells that there were more', async () => {
    const observation = { resourceType: 'Observation', status: 'final', subject }
    const create = (condition: string) => send('POST', 'Observation', observation, { 'if-none-exist': condition })
    assert.equal((await create('_id=lab-a,vital-a')).status, 412)
    hide('vital-a')
    const [hidden, unknown] = [await create('_id=lab-a,vital-a'), await create('_id=lab-a,nowhere')]
    assert.deepEqual([hidden.status, hidden.json.id, hidden.text], [200, 'lab-a', unknown.text])
    assert.equal(unknown.status, 200)
    hide('vital-a', 'lab-a')
    assert.equal((await create('_id=lab-a,vital-a')).status, 201)
    assert.equal((await send('PUT', 'Observation?_id=lab-a,vital-a', observation)).status, 201)
  })

  test('a condition means the one match that is visible, however many are hidden beside it', async () => {
    const serial = { system: 'urn:nin', value: 'serial-4711' }
    const observation = { resourceType: 'Observation', status: 'final', subject, identifier: [serial] }
    const named = (at: number) => `many-${`${at}`.padStart(3, '0')}`
    const many = 700
    for (let at = 0; at < many; at += 1) world.upstream.put({ ...observation, id: named(at) })
    const hideAllBut = (...shown: readonly number[]): void => {
      world.policy.says = ({ question }) =>
        'resource' in question &&
        question.resource.id?.startsWith('many-') &&
        !shown.some((at) => named(at) === question.resource.id)
          ? BLOCKED
          : undefined
    }
    const where = 'Observation?identifier=urn:nin|serial-4711'
    const patch = [{ op: 'replace', path: '/status', value: 'amended' }]
    const patched = { 'content-type': 'application/json-patch+json' }
    const unlessThere = { 'if-none-exist': 'identifier=urn:nin|serial-4711' }
    try {
      hideAllBut(3, 650)
      assert.equal((await send('PUT', where, observation)).status, 412)
      assert.equal((await send('PATCH', where, patch, patched)).status, 412)
      assert.equal((await send('DELETE', where, {})).status, 412)
      assert.equal((await send('POST', 'Observation', observation, unlessThere)).status, 412)
      assert.equal(writes().length, 0)
      hideAllBut(650)
      world.upstream.requests.length = 0
      assert.equal((await send('PUT', where, observation)).status, 200)
      assert.equal((await send('PATCH', where, patch, patched)).status, 200)
      assert.equal((await send('DELETE', where, {})).status, 204)
      assert.deepEqual([...new Set(writes().map(({ path }) => path))], [`/fhir/Observation/${named(650)}`])
      assert.equal((await send('PATCH', where, patch, patched)).status, 404, 'every other one is hidden')
      const addresses = world.upstream.requests.map(({ path, query }) => `${path}?${query.toString()}`)
      assert.deepEqual(
        addresses.filter((address) => address.includes('4711')),
        [],
      )
      assert.equal((await send('POST', 'Observation', observation, unlessThere)).status, 201)
    } finally {
      for (let at = 0; at < many; at += 1) world.upstream.remove('Observation', named(at))
    }
  })

  test('a condition whose other matches stand somewhere else means several all the same', async () => {
    world.upstream.misbehave = ({ method, path }) =>
      method === 'POST' && path.endsWith('/_search')
        ? {
            body: {
              resourceType: 'Bundle',
              type: 'searchset',
              link: [{ relation: 'next', url: 'https://elsewhere.example/page/2' }],
              entry: [{ resource: world.upstream.stored('Observation', 'lab-a'), search: { mode: 'match' } }],
            },
          }
        : undefined
    const answer = await send('DELETE', 'Observation?_id=lab-a', {})
    world.upstream.misbehave = undefined
    assert.equal(answer.status, 412)
    assert.equal(writes().length, 0)
  })

  test('a reference to something hidden is refused like one to nothing', async () => {
    const referring = (id: string) => ({
      resourceType: 'Observation',
      status: 'final',
      subject,
      derivedFrom: [{ reference: `Observation/${id}` }],
    })
    const writer = { scope: 'patient/Observation.c' }
    assert.equal((await send('POST', 'Observation', referring('vital-a'), {}, writer)).status, 201)
    hide('vital-a')
    const [hidden, unknown] = [
      await send('POST', 'Observation', referring('vital-a')),
      await send('POST', 'Observation', referring('nowhere')),
    ]
    assert.deepEqual([hidden.status, hidden.text], [403, unknown.text])
  })

  test('a Bundle kept as a document is as open as the least open resource in it', async () => {
    world.upstream.put({
      resourceType: 'Bundle',
      id: 'doc',
      type: 'document',
      entry: [{ resource: { resourceType: 'Observation', id: 'inner', subject } }],
    })
    const user = { scope: 'user/*.rs', patient: undefined }
    const read = async () => world.fhir('Bundle/doc', await world.token(user))
    assert.equal((await read()).status, 200)
    hide('inner')
    assert.equal((await read()).status, 404)
  })

  test('an export holds what policy shows the service at each moment, and is written down as it is read', async () => {
    const service = {
      sub: 'robot',
      client_id: 'robot',
      grant_id: undefined,
      patient: undefined,
      scope: 'system/Observation.rs',
    }
    const token = await world.token(service, { grant: { user_kind: 'client', role: null } })
    hide('lab-b')
    const begun = await world.fhir('$export?_type=Observation', token, { headers: { prefer: 'respond-async' } })
    assert.equal(begun.status, 202, begun.text)
    const place = (begun.headers.get('content-location') ?? '').split('/fhir/')[1] ?? ''
    let status = begun
    await until(async () => {
      status = await world.fhir(place, token)
      return status.status !== 202
    })
    assert.equal(status.json.output.length, 1)
    const file = () => world.fhir(String(status.json.output[0].url).split('/fhir/')[1] ?? '', token)
    world.records.length = 0
    const first = await file()
    assert.match(first.text, /"vital-b"/)
    assert.doesNotMatch(first.text, /"lab-b"/)
    assert.deepEqual(world.records.map(({ patient, actor }) => `${actor.kind} ${patient}`).toSorted(), [
      'client pat-a',
      'client pat-b',
    ])
    hide('lab-b', 'vital-b')
    assert.doesNotMatch((await file()).text, /pat-b/)
  })
})
