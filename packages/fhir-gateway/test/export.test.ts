import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { AHUS, type Answer, BASE, furnish, type Loose, OUS, OUTSIDE, startWorld, until, type World } from './world.ts'

const ROBOT = { sub: 'robot', client_id: 'robot', grant_id: undefined, patient: undefined }

describe('the export of a backend service', () => {
  let world: World
  let robot: string
  before(async () => {
    world = await startWorld()
    furnish(world.upstream)
    robot = await token('system/*.rs')
  })
  after(() => world.close())
  beforeEach(() => {
    world.upstream.misbehave = undefined
    world.upstream.requests.length = 0
  })

  const token = (scope: string, more: object = {}) => world.token({ ...ROBOT, scope, ...more })
  const kickOff = (path: string, holder = robot, headers: Record<string, string> = {}): Promise<Answer> =>
    world.fhir(path, holder, { headers: { prefer: 'respond-async', accept: 'application/fhir+json', ...headers } })
  const at = (url: string, holder = robot, init: RequestInit = {}): Promise<Answer> =>
    world.at(url.slice(OUTSIDE.length), { ...init, headers: { authorization: `Bearer ${holder}` } })

  /** Asks for the status until it is told. */
  async function finished(status: string, holder = robot): Promise<Answer> {
    let answer = await at(status, holder)
    await until(async () => {
      answer = await at(status, holder)
      return answer.status !== 202
    })
    return answer
  }
  async function exported(
    path: string,
    holder = robot,
  ): Promise<{ readonly status: string; readonly manifest: Answer }> {
    const begun = await kickOff(path, holder)
    assert.equal(begun.status, 202, begun.text)
    const status = begun.headers.get('content-location') ?? ''
    return { status, manifest: await finished(status, holder) }
  }
  const forget = (status: string, holder = robot) => at(status, holder, { method: 'DELETE' })
  const idsIn = (file: Answer): string[] =>
    file.text
      .trim()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { id: string }).id)

  test('is begun, asked after, read and deleted, with the service’s own token at each step', async () => {
    const begun = await kickOff('$export?_type=Observation,Patient')
    assert.equal(begun.status, 202)
    const status = begun.headers.get('content-location') ?? ''
    assert.ok(status.startsWith(`${BASE}/$export/`))
    const { status: code, json, headers } = await finished(status)
    assert.equal(code, 200)
    assert.match(headers.get('content-type') ?? '', /^application\/json/)
    assert.ok(Date.parse(headers.get('expires') ?? '') > Date.now())
    assert.equal(json.request, `${BASE}/$export?_type=Observation,Patient`)
    assert.equal(json.requiresAccessToken, true)
    assert.deepEqual(
      json.output.map(({ type }: { type: string }) => type),
      ['Observation', 'Patient'],
    )
    const file = await at(json.output[0].url)
    assert.equal(file.status, 200)
    assert.match(file.headers.get('content-type') ?? '', /^application\/fhir\+ndjson/)
    assert.deepEqual(idsIn(file).toSorted(), ['lab-a', 'lab-b', 'vital-a', 'vital-b'])
    assert.equal((await forget(status)).status, 202)
    for (const gone of [status, json.output[0].url]) assert.equal((await at(gone)).status, 404)
  })

  test('of everything covers what is offered and held, and of patients what is theirs', async () => {
    const { status, manifest } = await exported('$export')
    assert.deepEqual(manifest.json.output.map(({ type }: { type: string }) => type).toSorted(), [
      'ImagingStudy',
      'Observation',
      'Patient',
      'Practitioner',
    ])
    await forget(status)
    const patients = await exported('Patient/$export')
    assert.deepEqual(patients.manifest.json.output.map(({ type }: { type: string }) => type).toSorted(), [
      'ImagingStudy',
      'Observation',
      'Patient',
    ])
    await forget(patients.status)
    const some = await token('system/Observation.rs system/Patient.r')
    const less = await exported('$export', some)
    assert.deepEqual(
      less.manifest.json.output.map(({ type }: { type: string }) => type),
      ['Observation'],
    )
    await forget(less.status, some)
  })

  test('holds what granular scopes allow, asked narrowly, each resource once', async () => {
    const narrow = await token(
      'system/Observation.rs?category=laboratory system/Observation.rs?status=final&category=laboratory',
    )
    const { status, manifest } = await exported('$export?_type=Observation', narrow)
    assert.deepEqual(idsIn(await at(manifest.json.output[0].url, narrow)).toSorted(), ['lab-a', 'lab-b'])
    assert.ok(world.upstream.requests.every(({ body, method }) => method !== 'POST' || body.includes('category=')))
    await forget(status, narrow)
  })

  test('is re-authorised at each step: by what the token held now covers, for the same service, at the same trust', async () => {
    const { status, manifest } = await exported('$export?_type=Observation,Patient')
    const [observations] = manifest.json.output as { url: string }[]
    const url = observations?.url ?? ''
    for (const stranger of [
      await token('system/*.rs', { client_id: 'other', sub: 'other' }),
      await world.token({ scope: 'system/*.rs user/*.rs', client_id: 'robot' }),
    ])
      for (const address of [status, url]) assert.ok([403, 404].includes((await at(address, stranger)).status), address)
    const ahus = await world.token({ ...ROBOT, scope: 'system/*.rs' }, { orgnr: AHUS })
    assert.equal((await at(url.replace(OUS, AHUS), ahus)).status, 404)
    assert.equal((await at(url, await token('system/Patient.rs'))).status, 403)
    const patientsOnly = await at(status, await token('system/Patient.rs'))
    assert.deepEqual(
      patientsOnly.json.output.map(({ type }: { type: string }) => type),
      ['Patient'],
    )
    const narrow = await token('system/Observation.rs?category=laboratory')
    assert.deepEqual(idsIn(await at(url, narrow)).toSorted(), ['lab-a', 'lab-b'])
    assert.equal((await world.at(url.slice(OUTSIDE.length))).status, 401)
    await forget(status)
  })

  test('ends with the service: once its registration is gone nothing of it is told', async () => {
    const doomed = await token('system/*.rs', { client_id: 'doomed', sub: 'doomed' })
    const { status, manifest } = await exported('$export?_type=Patient', doomed)
    world.issuer.revoke(OUS, 'client', 'doomed')
    for (const address of [status, String(manifest.json.output[0].url)])
      await until(async () => (await at(address, doomed)).status === 401)
  })

  test('tells only our addresses', async () => {
    world.upstream.put({
      resourceType: 'Patient',
      id: 'pat-linked',
      link: [{ other: { reference: `${world.upstream.base}/Patient/pat-a` } }],
    })
    const { status, manifest } = await exported('$export?_type=Patient')
    const { text } = await at(manifest.json.output[0].url)
    assert.match(text, new RegExp(`${BASE}/Patient/pat-a`))
    assert.doesNotMatch(text, /127\.0\.0\.1/)
    world.upstream.remove('Patient', 'pat-linked')
    await forget(status)
  })

  test('is nobody else’s to begin, and nothing is begun that is not understood', async () => {
    for (const scope of ['patient/*.rs', 'user/*.rs', 'system/*.rs'])
      assert.equal((await kickOff('$export', await world.token({ scope }))).status, 403)
    assert.equal((await kickOff('$export?_type=Observation', await token('system/Patient.rs'))).status, 403)
    assert.equal((await kickOff('$export?_type=Observation', await token('system/Observation.r'))).status, 403)
    for (const query of [
      '_type=Nonsense',
      '_type=',
      '_since=yesterday',
      '_since=2026-01-01',
      '_outputFormat=csv',
      '_typeFilter=Observation',
      'patient=pat-a',
    ])
      assert.equal((await kickOff(`$export?${query}`)).status, 400, query)
    assert.equal((await kickOff('Patient/$export?_type=Practitioner')).status, 400)
    assert.equal((await kickOff('$export', robot, { prefer: 'return=minimal' })).status, 400)
    assert.equal((await kickOff('Group/g1/$export')).status, 403)
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const refused = await world.fhir('$export', robot, { method, headers: { prefer: 'respond-async' } })
      assert.deepEqual([refused.status, refused.headers.get('allow')], [405, 'GET'])
    }
    assert.equal((await at(`${BASE}/$export/${'0'.repeat(32)}`)).status, 404)
    assert.deepEqual(
      world.upstream.requests.filter(({ path }) => path !== '/fhir/metadata'),
      [],
    )
  })

  test('leaves out what it does not know for those who prefer that, and reads a file’s head like the file', async () => {
    const lenient = { prefer: 'respond-async, handling=lenient' }
    const begun = await kickOff('$export?_type=Patient&_elements=id&includeAssociatedData=x', robot, lenient)
    assert.equal(begun.status, 202)
    const status = begun.headers.get('content-location') ?? ''
    const { json } = await finished(status)
    const url: string = json.output[0].url
    for (const address of [status, url]) {
      const head = await at(address, robot, { method: 'HEAD' })
      assert.deepEqual([head.status, head.text], [200, ''])
    }
    assert.equal((await at(url, robot, { method: 'DELETE' })).status, 405)
    assert.equal((await at(status, robot, { method: 'POST' })).status, 405)
    await forget(status)
    assert.equal((await kickOff('$export?_type=Nonsense', robot, lenient)).status, 400)
    assert.equal(
      (await kickOff('$export?_elements=id', robot, { prefer: 'respond-async, handling=strict' })).status,
      400,
    )
  })

  test('that fails says so and no more, and too many wait for another', async () => {
    world.upstream.misbehave = ({ method }) =>
      method === 'POST' ? { status: 500, body: 'secret of the server' } : undefined
    const { status, manifest } = await exported('$export?_type=Observation')
    assert.equal(manifest.status, 500)
    assert.equal(manifest.json.resourceType, 'OperationOutcome')
    assert.doesNotMatch(manifest.text, /secret/)
    await forget(status)
    world.upstream.misbehave = ({ method }) => (method === 'POST' ? 'hang' : undefined)
    const running = [await kickOff('$export?_type=Observation'), await kickOff('$export?_type=Observation')]
    const refused = await kickOff('$export?_type=Observation')
    assert.equal(refused.status, 429)
    assert.match(refused.headers.get('retry-after') ?? '', /^\d+$/)
    const [first] = running
    const asked = await at(first?.headers.get('content-location') ?? '')
    assert.equal(asked.status, 202)
    assert.match(asked.headers.get('x-progress') ?? '', /types/)
    for (const { headers } of running) await forget(headers.get('content-location') ?? '')
    world.upstream.misbehave = undefined
    const again = await exported('$export?_type=Observation&_since=2020-01-01T00:00:00Z')
    assert.equal(again.manifest.status, 200)
    await forget(again.status)
  })
})

describe('the export of what hangs on visits, where policy decides', () => {
  let world: World
  let robot: string
  before(async () => {
    world = await startWorld({ stage: 'enforce' })
    furnish(world.upstream)
    const [subject, encounter] = [{ reference: 'Patient/pat-a' }, { reference: 'Encounter/enc-a' }]
    world.upstream.put({ resourceType: 'Observation', id: 'of-visit', status: 'final', subject, encounter })
    robot = await world.token({ ...ROBOT, scope: 'system/Observation.rs' }, { grant: { user_kind: 'client' } })
  })
  after(() => world.close())
  beforeEach(() => {
    world.upstream.misbehave = undefined
    world.policy.says = () => undefined
  })

  const headers = { prefer: 'respond-async' }
  const readsVisits = () => world.upstream.requests.filter(({ path }) => path === '/fhir/Encounter')

  async function statusOf(): Promise<string> {
    const begun = await world.fhir('$export?_type=Observation', robot, { headers })
    assert.equal(begun.status, 202, begun.text)
    return (begun.headers.get('content-location') ?? '').slice(`${BASE}/`.length)
  }
  async function finished(status: string): Promise<Answer> {
    let answer = await world.fhir(status, robot)
    await until(async () => (answer = await world.fhir(status, robot)).status !== 202)
    return answer
  }

  const linesOf = async (manifest: Loose): Promise<string[]> =>
    (await world.fhir(manifest.output[0].url.slice(`${BASE}/`.length), robot)).text.trim().split('\n')

  test('goes on after its kick-off was answered, looking up what decides', async () => {
    const answered = Promise.withResolvers<undefined>()
    world.upstream.misbehave = ({ method }) => (method === 'POST' ? answered.promise : undefined)
    const address = await statusOf()
    assert.equal((await world.fhir(address, robot)).status, 202)
    answered.resolve(undefined)
    const { status, json, text } = await finished(address)
    assert.equal(status, 200, text)
    assert.equal((await linesOf(json)).length, 5)
    assert.notEqual(readsVisits().length, 0)
  })

  test('leaves out what policy denies, and ends what it reads when it is deleted', async () => {
    world.policy.says = ({ question }) =>
      'resource' in question && question.resource.id === 'of-visit' ? { reasonCode: 'blocked' } : undefined
    const { json } = await finished(await statusOf())
    const told = world.records.length
    assert.equal((await linesOf(json)).length, 4)
    assert.equal('count' in json.output[0], false, 'what is hidden between would be counted')
    world.records.splice(told) // reading the file is told of as well
    const refused = world.records.filter(({ activity }) => activity === 'fhir-refused')
    assert.deepEqual(
      refused.map(({ patient, what, actor }) => [patient, what?.ids, actor.kind]),
      [['pat-a', ['Observation/of-visit'], 'client']],
    )
    world.clock.ahead += 10 // past what is remembered of visits
    world.upstream.requests.length = 0
    world.upstream.misbehave = ({ path }) => (path === '/fhir/Encounter' ? 'hang' : undefined)
    const status = await statusOf()
    await until(() => readsVisits().length > 0)
    assert.equal((await world.fhir(status, robot, { method: 'DELETE' })).status, 202)
    assert.equal((await world.fhir(status, robot)).status, 404)
    assert.ok(!world.log.some((line) => line.includes('export-failed')))
  })
})
