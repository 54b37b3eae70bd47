import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type Answer, furnish, startWorld, until, type World } from '../world.ts'

const BLOCKED = { reasonCode: 'blocked-by-patient', rules: ['guard-blocked'] } as const

describe('writing and bytes, where policy decides', () => {
  let world: World
  const subject = { reference: 'Patient/pat-a' }
  before(async () => {
    world = await startWorld({ stage: 'enforce' })
    furnish(world.upstream)
    world.upstream.put(
      { resourceType: 'Binary', id: 'bytes', contentType: 'text/plain', securityContext: subject, data: 'eA==' },
      {
        resourceType: 'DocumentReference',
        id: 'dok-a',
        subject,
        content: [{ attachment: { url: 'Binary/bytes' } }],
      },
    )
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

  test('bytes are as open as the document that carries them, whatever scopes the app has for documents', async () => {
    const read = async () => world.fhir('Binary/bytes', await world.token({ scope: 'patient/Binary.r' }))
    assert.equal((await read()).status, 200)
    const about = world.policy.asked.flatMap(({ question, circumstance }) =>
      'resource' in question && question.resource.id === 'dok-a' ? [circumstance.grants.includes('*.r')] : [],
    )
    assert.deepEqual(about, [true])
    hide('dok-a')
    const hidden = await read()
    assert.deepEqual(
      [hidden.status, hidden.text],
      [404, (await world.fhir('Binary/nowhere', await world.token())).text],
    )
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
    assert.ok(status.json.output[0].count > 0)
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
