import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { BASE, furnish, startWorld, type World } from './world.ts'

describe('reading through the gateway', () => {
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

  test('a resource of the launch patient is read', async () => {
    const answer = await world.fhir('Observation/vital-a', token)
    assert.equal(answer.status, 200)
    assert.equal(answer.json.id, 'vital-a')
    assert.match(answer.headers.get('content-type') ?? '', /^application\/fhir\+json/)
    assert.equal(answer.headers.get('etag'), 'W/"1"')
    assert.equal(answer.headers.get('x-powered-by'), null)
  })

  test('the response-side patient check: a resource of another patient answers byte for byte like an unknown id', async () => {
    for (const method of ['GET', 'HEAD']) {
      const foreign = await world.fhir('Observation/vital-b', token, { method })
      const unknown = await world.fhir('Observation/nowhere', token, { method })
      assert.equal(foreign.status, 404)
      assert.equal(foreign.text, unknown.text)
      assert.deepEqual(plainHeaders(foreign.headers), plainHeaders(unknown.headers))
    }
  })

  test('versions, histories and projections of a hidden resource are hidden the same way', async () => {
    const unknown = await world.fhir('Observation/nowhere', token)
    for (const path of [
      'Observation/vital-b/_history/1',
      'Observation/vital-b/_history',
      'Observation/vital-b?_elements=id',
      'Observation/vital-b?_summary=true',
      'Patient/pat-b',
      'Questionnaire/q1',
    ]) {
      const hidden = await world.fhir(path, token)
      assert.equal(hidden.status, path.startsWith('Questionnaire') ? 403 : 404, path)
      if (hidden.status === 404) assert.equal(hidden.text, unknown.text, path)
    }
  })

  test('a resource moved to another chart takes its old versions with it', async () => {
    world.upstream.put({
      resourceType: 'Observation',
      id: 'moved',
      status: 'final',
      subject: { reference: 'Patient/pat-a' },
    })
    assert.equal((await world.fhir('Observation/moved/_history/1', token)).status, 200)
    world.upstream.put({
      resourceType: 'Observation',
      id: 'moved',
      status: 'final',
      subject: { reference: 'Patient/pat-b' },
    })
    assert.equal((await world.fhir('Observation/moved/_history/1', token)).status, 404)
    assert.equal((await world.fhir('Observation/moved/_history', token)).status, 404)
  })

  test('a deleted resource answers like an unknown one', async () => {
    world.upstream.put({
      resourceType: 'Observation',
      id: 'gone',
      status: 'final',
      subject: { reference: 'Patient/pat-a' },
    })
    world.upstream.remove('Observation', 'gone')
    const gone = await world.fhir('Observation/gone', token)
    assert.equal(gone.status, 404)
    assert.equal(gone.text, (await world.fhir('Observation/nowhere', token)).text)
  })

  test('the history of an instance shows the versions of this patient only, and no total', async () => {
    world.upstream.put({
      resourceType: 'Observation',
      id: 'returned',
      status: 'final',
      subject: { reference: 'Patient/pat-b' },
    })
    world.upstream.put({
      resourceType: 'Observation',
      id: 'returned',
      status: 'final',
      subject: { reference: 'Patient/pat-a' },
    })
    const history = await world.fhir('Observation/returned/_history', token)
    assert.equal(history.status, 200)
    assert.deepEqual(
      history.json.entry.map((entry: { resource: { meta: { versionId: string } } }) => entry.resource.meta.versionId),
      ['2'],
    )
    assert.equal(history.json.total, undefined)
    assert.equal(history.json.link[0].url, `${BASE}/Observation/returned/_history`)
  })

  test('without a scope for the type nothing is looked up', async () => {
    const narrow = await world.token({ scope: 'patient/Patient.r' })
    const answer = await world.fhir('Observation/vital-a', narrow)
    assert.equal(answer.status, 403)
    assert.match(answer.headers.get('www-authenticate') ?? '', /error="insufficient_scope"/)
    assert.equal(answer.json.issue[0].code, 'forbidden')
    assert.equal(world.upstream.requests.length, 0)
  })

  test('search alone does not read, reading alone does not search, and writing does neither (SAL-131)', async () => {
    assert.equal(
      (await world.fhir('Observation/vital-a', await world.token({ scope: 'patient/Observation.cud' }))).status,
      403,
    )
    assert.equal(
      (await world.fhir('Observation/vital-a', await world.token({ scope: 'patient/Observation.s' }))).status,
      403,
    )
    assert.equal(
      (await world.fhir('Observation?patient=pat-a', await world.token({ scope: 'patient/Observation.r' }))).status,
      403,
    )
  })

  test('patient scopes without a patient open nothing', async () => {
    const unlaunched = await world.token({ patient: undefined })
    assert.equal((await world.fhir('Observation/vital-a', unlaunched)).status, 403)
  })

  test('a granular scope reads what it names and hides the rest as unknown (SAL-142)', async () => {
    const granular = await world.token({ scope: 'patient/Observation.rs?category=vital-signs' })
    assert.equal((await world.fhir('Observation/vital-a', granular)).status, 200)
    const outside = await world.fhir('Observation/lab-a', granular)
    assert.equal(outside.status, 404)
    assert.equal(outside.text, (await world.fhir('Observation/nowhere', granular)).text)
  })

  test('directory resources are read by id with a matching scope (SAL-137)', async () => {
    assert.equal(
      (await world.fhir('Practitioner/stf102', await world.token({ scope: 'patient/Practitioner.r' }))).status,
      200,
    )
    assert.equal(
      (await world.fhir('Practitioner/stf102', await world.token({ scope: 'patient/Observation.rs' }))).status,
      403,
    )
  })

  test('`openid fhirUser` reads the own user and nobody else (SAL-123)', async () => {
    const own = await world.token({ scope: 'openid fhirUser patient/Observation.rs' })
    assert.equal((await world.fhir('Practitioner/stf101', own)).status, 200)
    assert.equal((await world.fhir('Practitioner/stf102', own)).status, 403)
    assert.equal(
      (await world.fhir('Practitioner/stf101', await world.token({ scope: 'openid patient/Observation.rs' }))).status,
      403,
    )
  })

  test('a user scope reads across patients', async () => {
    const user = await world.token({ scope: 'user/Observation.rs', patient: undefined })
    assert.equal((await world.fhir('Observation/vital-b', user)).status, 200)
  })

  test('a contained resource of an uncovered type or another patient hides its container', async () => {
    const container = (id: string, contained: object) => ({
      resourceType: 'Observation',
      id,
      status: 'final',
      subject: { reference: 'Patient/pat-a' },
      contained: [contained],
    })
    world.upstream.put(
      container('con-type', {
        resourceType: 'Condition',
        id: 'c',
        code: { text: 'secret' },
        subject: { reference: 'Patient/pat-a' },
      }),
      container('con-other', { resourceType: 'Observation', id: 'o', subject: { reference: 'Patient/pat-b' } }),
      container('con-fine', {
        resourceType: 'Observation',
        id: 'o',
        status: 'final',
        subject: { reference: 'Patient/pat-a' },
      }),
    )
    const observations = await world.token({ scope: 'patient/Observation.rs' })
    assert.equal((await world.fhir('Observation/con-type', observations)).status, 404)
    assert.equal((await world.fhir('Observation/con-other', observations)).status, 404)
    assert.equal((await world.fhir('Observation/con-fine', observations)).status, 200)
  })

  test('`_elements` cannot take the subject away before the decision, and marks what it shortened', async () => {
    const answer = await world.fhir('Observation/vital-a?_elements=code', token)
    assert.deepEqual(Object.keys(answer.json).sort(), ['code', 'id', 'meta', 'resourceType', 'status'])
    assert.equal(answer.json.meta.tag[0].code, 'SUBSETTED')
    assert.equal(world.upstream.requests[0]?.query.size, 0)
  })

  test('an upstream that answers with another resource than was asked for is not believed', async () => {
    world.upstream.misbehave = () => ({
      body: { resourceType: 'Observation', id: 'vital-b', subject: { reference: 'Patient/pat-b' } },
    })
    assert.equal((await world.fhir('Observation/vital-a', token)).status, 404)
    world.upstream.misbehave = () => ({
      body: { resourceType: 'Condition', id: 'con-a', subject: { reference: 'Patient/pat-a' } },
    })
    assert.equal((await world.fhir('Observation/vital-a', token)).status, 502)
  })

  test('addresses behind the gateway become its own, wherever they stand', async () => {
    world.upstream.put({
      resourceType: 'Observation',
      id: 'linked',
      status: 'final',
      subject: { reference: `${world.upstream.base}/Patient/pat-a` },
      encounter: { reference: `${world.upstream.base}/Encounter/enc-a` },
    })
    const linked = await world.fhir('Observation/linked', token)
    assert.equal(linked.json.subject.reference, `${BASE}/Patient/pat-a`)
    assert.equal(linked.json.encounter.reference, `${BASE}/Encounter/enc-a`)
    const endpoint = await world.fhir('Endpoint/end1', token)
    assert.equal(endpoint.json.address, BASE.replace('/fhir', '/dicomweb'))
  })

  test('a reference to the same id at another server is not the patient', async () => {
    world.upstream.put({
      resourceType: 'Observation',
      id: 'elsewhere',
      status: 'final',
      subject: { reference: 'http://evil.example/fhir/Patient/pat-a' },
    })
    assert.equal((await world.fhir('Observation/elsewhere', token)).status, 404)
  })

  test('If-None-Match is compared after the decision', async () => {
    assert.equal(
      (await world.fhir('Observation/vital-a', token, { headers: { 'if-none-match': 'W/"1"' } })).status,
      304,
    )
    assert.equal(
      (await world.fhir('Observation/vital-b', token, { headers: { 'if-none-match': 'W/"1"' } })).status,
      404,
    )
    assert.ok(world.upstream.requests.every((request) => request.headers['if-none-match'] === undefined))
  })

  test('what somebody wrote is read as it was written, also where it mentions an address behind us', async () => {
    const words = `Sett ${world.upstream.base}/Patient/pat-a og ${BASE}/Patient/pat-a`
    world.upstream.put({
      resourceType: 'Observation',
      id: 'wordy',
      status: 'final',
      subject: { reference: `${world.upstream.base}/Patient/pat-a` },
      note: [{ text: words }],
    })
    const answer = await world.fhir('Observation/wordy', await world.token())
    assert.equal(answer.json.note[0].text, words)
    assert.equal(answer.json.subject.reference, `${BASE}/Patient/pat-a`)
    const editor = await world.token({ scope: 'patient/Observation.cruds' })
    const headers = { 'content-type': 'application/fhir+json' }
    await world.fhir('Observation/wordy', editor, { method: 'PUT', body: answer.text, headers })
    const stored = world.upstream.stored('Observation', 'wordy')
    assert.deepEqual(stored?.['note'], [{ text: words }])
    assert.deepEqual(stored?.['subject'], { reference: `${world.upstream.base}/Patient/pat-a` })
    world.upstream.remove('Observation', 'wordy')
  })
})

/** Headers without those that differ from request to request by design. */
const plainHeaders = (headers: Headers): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => !['date', 'traceparent', 'x-correlation-id'].includes(name)))
