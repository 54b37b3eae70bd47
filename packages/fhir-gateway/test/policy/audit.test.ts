import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { formatRecord, parseRecord } from '@uthopp/audit/wire'
import { isProblem } from '@uthopp/smart-core/problem'
import { type Answer, furnish, startWorld, type World } from '../world.ts'

describe('what the gateway writes down', () => {
  let world: World
  before(async () => {
    world = await startWorld({ stage: 'enforce' })
    furnish(world.upstream)
  })
  after(() => world.close())
  beforeEach(() => {
    world.policy.says = () => undefined
    world.audit.fails = false
    world.records.length = 0
    world.upstream.requests.length = 0
  })

  const get = async (
    path: string,
    claims: Readonly<Record<string, unknown>> = {},
    grant: object = {},
  ): Promise<Answer> => world.fhir(path, await world.token(claims, { grant }))
  const send = async (method: string, path: string, body?: object): Promise<Answer> =>
    world.fhir(path, await world.token({ scope: 'patient/*.cruds' }), {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/fhir+json' },
    })
  const told = () =>
    world.records.map(({ activity, outcome, patient, what }) => [activity, outcome, patient, what?.interaction])

  test('tells each ground an answer stood on, with the purpose of that ground rather than of the launch', async () => {
    world.policy.says = ({ question }) =>
      'resource' in question && question.resource.id === 'lab-a'
        ? {
            effect: 'permit',
            reasonCode: 'care-decision',
            careDecision: 'bes9',
            purpose: 'ETREAT',
            rules: ['read-decision'],
          }
        : { effect: 'permit', purpose: null }
    await get('Observation')
    assert.deepEqual(
      world.records.map(({ patient, purpose, decision, what, policy }) => [
        patient,
        purpose,
        decision?.id,
        what?.ids,
        policy?.rules,
      ]),
      [
        ['pat-a', 'TREAT', undefined, ['Observation/vital-a'], []],
        ['pat-a', 'ETREAT', 'bes9', ['Observation/lab-a'], ['read-decision']],
      ],
    )
  })

  test('holds what asks for every type of a patient, which is refused to all', async () => {
    for (const patient of ['pat-a', 'pat-b', 'nobody']) {
      world.records.length = 0
      assert.equal((await get(`Patient/${patient}/*`)).status, 403)
      assert.deepEqual(
        world.records.map(({ activity, outcome, what }) => [activity, outcome, what?.interaction, what?.type]),
        [['fhir-refused', 'refused', 'search-type', null]],
      )
      for (const record of world.records) assert.ok(!isProblem(parseRecord(formatRecord(record))))
    }
  })

  test('is one record a patient, with who, in which role, for which purpose, and what was touched', async () => {
    world.policy.says = () => ({ effect: 'permit', purpose: null })
    const answer = await get(
      'Observation?category=laboratory',
      { grant_id: 'g-bes' },
      { purpose: 'ETREAT', decision: 'bes1' },
    )
    const [record, ...others] = world.records
    assert.deepEqual(others, [])
    const { id: _, at, policy, detail, ...rest } = record ?? assert.fail()
    assert.deepEqual(Object.keys(detail), ['tokenId'])
    assert.ok(Date.now() - at.getTime() < 5000)
    assert.deepEqual([policy?.effect, policy?.version], ['permit', 'of-the-tests'])
    assert.deepEqual(rest, {
      tenant: '993467049',
      activity: 'fhir-access',
      outcome: 'ok',
      actor: { kind: 'clinician', id: 'stf101', role: 'role-of-the-tests' },
      clientId: 'pacs-viewer',
      patient: 'pat-a',
      correlationId: answer.headers.get('x-correlation-id'),
      launchId: 'launch-of-the-tests',
      grantId: 'g-bes',
      source: 'gateway',
      purpose: 'ETREAT',
      decision: null,
      what: {
        interaction: 'search-type',
        type: 'Observation',
        ids: ['Observation/lab-a'],
        count: 1,
        query: 'category',
      },
    })
  })

  test('names every patient of an answer, and a search that finds nothing all the same', async () => {
    await get('Observation', { scope: 'user/Observation.rs', patient: undefined })
    assert.deepEqual(world.records.map(({ patient }) => patient ?? '').toSorted(), ['pat-a', 'pat-b'])
    world.records.length = 0
    await get('Observation?_id=nowhere')
    assert.deepEqual(told(), [['fhir-access', 'ok', 'pat-a', 'search-type']])
    assert.equal(world.records[0]?.what?.count, 0)
  })

  test('names the ground of the launch also where nothing was found', async () => {
    await get('Observation?_id=nowhere', { grant_id: 'g-nowhere' }, { purpose: 'ETREAT', decision: 'bes1' })
    assert.deepEqual(
      world.records.map(({ purpose, decision }) => [purpose, decision]),
      [['ETREAT', { id: 'bes1', template: null, userSelected: true }]],
    )
  })

  test('is kept before anything leaves, or nothing leaves', async () => {
    world.audit.fails = true
    for (const path of ['Observation/lab-a', 'Observation', 'Observation/nowhere', 'Observation/lab-b']) {
      const answer = await get(path)
      assert.equal(answer.status, 503, path)
      assert.doesNotMatch(answer.text, /lab-a|pat-a/)
      assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/)
    }
    world.upstream.pixels.set('studies/1.2.1/series/5/metadata', { body: [] })
    assert.equal((await world.door('studies/1.2.1/series/5/metadata', await world.token())).status, 503)
    assert.equal((await world.door('studies', await world.token())).status, 503)
  })

  test('is kept before anything is changed, or nothing is changed', async () => {
    const body = { resourceType: 'Observation', status: 'final', subject: { reference: 'Patient/pat-a' } }
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [{ resource: body, request: { method: 'POST', url: 'Observation' } }],
    }
    world.audit.fails = true
    assert.equal((await send('POST', 'Observation', body)).status, 503)
    assert.equal((await send('PUT', 'Observation/lab-a', { ...body, id: 'lab-a' })).status, 503)
    assert.equal((await send('DELETE', 'Observation/lab-a')).status, 503)
    assert.equal((await send('POST', '', bundle)).status, 503)
    assert.equal(world.upstream.requests.filter(({ method }) => method !== 'GET').length, 0)
    world.audit.fails = false
    world.records.length = 0
    assert.equal((await send('PUT', 'Observation/lab-a', { ...body, id: 'lab-a' })).status, 200)
    assert.deepEqual(told(), [['fhir-access', 'ok', 'pat-a', 'update']])
    assert.equal((await send('POST', '', bundle)).status, 200)
    assert.deepEqual(told().at(-1), ['fhir-access', 'ok', 'pat-a', 'batch'])
  })

  test('holds every denial, with the case as policy was asked it', async () => {
    const trace = { action: 'read', principal: 'P', resource: 'R', context: { care: { template: 'TILSYN' } } }
    world.policy.says = ({ question }) =>
      'resource' in question && question.resource.id === 'lab-a'
        ? { reasonCode: 'blocked-by-patient', rules: ['guard-blocked'], trace, careDecision: 'bes1' }
        : undefined
    assert.equal((await get('Observation/lab-a')).status, 404)
    const [record] = world.records
    assert.deepEqual(told(), [['fhir-refused', 'refused', 'pat-a', 'read']])
    assert.deepEqual(record?.policy?.trace, trace)
    assert.deepEqual(record?.policy?.rules, ['guard-blocked'])
    assert.deepEqual(record?.decision, { id: 'bes1', template: 'TILSYN', userSelected: false })
    assert.deepEqual(record?.what?.ids, ['Observation/lab-a'])
    world.records.length = 0
    await get('Observation')
    assert.deepEqual(told(), [
      ['fhir-refused', 'refused', 'pat-a', 'search-type'],
      ['fhir-access', 'ok', 'pat-a', 'search-type'],
    ])
  })

  test('holds refusals for want of a scope, too, and what is not there', async () => {
    await get('Condition/con-a', { scope: 'patient/Observation.rs' })
    await get('Observation?patient=pat-b')
    await get('Observation/lab-b')
    assert.deepEqual(
      world.records.map(({ activity, patient, detail }) => [activity, patient, detail['code']]),
      [
        ['fhir-refused', 'pat-a', 'insufficient_scope'],
        ['fhir-refused', 'pat-a', 'forbidden'],
        ['fhir-refused', 'pat-a', 'not-found'],
      ],
    )
  })

  test('holds each refused entry of a batch once, whether policy or something else refused it', async () => {
    world.policy.says = ({ question }) =>
      'resource' in question && question.resource.id === 'lab-a' ? { reasonCode: 'blocked-by-patient' } : undefined
    const read = (url: string) => ({ request: { method: 'GET', url } })
    const entry = [read('Observation/lab-a'), read('Observation/nowhere'), read('Observation/vital-a'), read('Basic/x')]
    const { json } = await send('POST', '', { resourceType: 'Bundle', type: 'batch', entry })
    assert.deepEqual(
      json.entry.map(({ response }: { response: { status: string } }) => response.status.slice(0, 3)),
      ['404', '404', '200', '404'],
    )
    assert.deepEqual(
      world.records.map(({ activity, detail }) => [activity, detail['code']]),
      [
        ['fhir-refused', 'blocked-by-patient'],
        ['fhir-refused', 'not-found'],
        ['fhir-refused', 'not-found'],
        ['fhir-access', undefined],
      ],
    )
  })

  test('has an id of our own; what a caller calls its trace is kept beside it', async () => {
    const theirs = '0af7651916cd43dd8448eb211c80319c'
    const headers = { traceparent: `00-${theirs}-b7ad6b7169203331-01` }
    const answer = await world.fhir('Observation/lab-a', await world.token(), { headers })
    const ours = answer.headers.get('x-correlation-id')
    assert.notEqual(ours, theirs)
    assert.doesNotMatch(answer.headers.get('traceparent') ?? '', new RegExp(theirs))
    const [record] = world.records
    assert.deepEqual([record?.correlationId, record?.detail['callerTrace']], [ours, theirs])
    const [asked] = world.upstream.requests
    assert.match(String(asked?.headers['traceparent']), new RegExp(ours ?? 'none'))
  })

  test('tells images apart from other data', async () => {
    world.upstream.pixels.set('studies/1.2.1/series/5/metadata', { body: [] })
    assert.equal((await world.door('studies/1.2.1/series/5/metadata', await world.token())).status, 200)
    assert.deepEqual(told(), [['imaging-access', 'ok', 'pat-a', 'read']])
    assert.deepEqual(world.records[0]?.what?.ids, ['ImagingStudy/img-a'])
  })

  test('can be taken by the repository, whatever a caller writes into a search', async () => {
    for (const query of ['code%3Dx=1', '12345678901=1', '%00=1', `${'a'.repeat(300)}=1`, '_id=01010112345'])
      await get(`Observation?${query}`)
    await get('Practitioner/stf101')
    assert.ok(world.records.length >= 3, `${world.records.length}`)
    for (const record of world.records) {
      const read = parseRecord(formatRecord(record))
      assert.ok(!isProblem(read), JSON.stringify(read))
    }
  })
})

describe('a trust whose policy is only logged', () => {
  let world: World
  before(async () => {
    world = await startWorld({ stage: 'log-only' })
  })
  after(() => world.close())

  test('opens what scopes open, says in its log what it would have denied, and writes down both', async () => {
    furnish(world.upstream)
    world.policy.says = () => ({ reasonCode: 'no-care-relation' })
    const answer = await world.fhir('Observation/lab-a', await world.token())
    assert.equal(answer.status, 200)
    const lines = world.log.filter((line) => line.includes('policy-would-deny'))
    assert.equal(lines.length, 1)
    assert.match(lines[0] ?? '', /no-care-relation/)
    // An access that took place is told as one, and never to the patient as somebody who was refused.
    assert.deepEqual(
      world.records.map(({ activity, outcome, policy, detail }) => [
        activity,
        outcome,
        policy?.effect,
        detail['enforced'],
        detail['code'],
      ]),
      [['fhir-access', 'ok', 'deny', false, 'no-care-relation']],
    )
    assert.ok(world.log.some((line) => line.includes('policy-not-enforced')))
    const token = await world.token({ grant_id: 'untold' })
    world.issuer.known.clear()
    world.issuer.known.set(token, { active: true })
    assert.equal((await world.fhir('Observation/lab-a', token)).status, 200, 'not even for want of facts')
    assert.equal((await world.fhir('Observation?_total=accurate', token)).json.total, 2)
    const health = await world.at('/health/ready')
    assert.equal(health.status, 200)
    assert.match(health.text, /log-only/)
  })
})
