import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type Answer, furnish, startWorld, type World } from '../world.ts'
import type { Says } from '../policy-stub.ts'

const NO_RELATION = {
  reasonCode: 'no-care-relation',
  requestable: { kind: 'decision', templates: ['TILSYN'] },
} as const
const BLOCKED = { reasonCode: 'blocked-by-patient', rules: ['guard-blocked'] } as const

/** Denies the resources of these ids, and nothing that is asked in general. */
const blocking =
  (...ids: readonly string[]): Says =>
  ({ question }) =>
    'resource' in question && question.resource.id !== null && ids.includes(question.resource.id) ? BLOCKED : undefined

describe('what policy denies', () => {
  let world: World
  before(async () => {
    world = await startWorld({ stage: 'enforce' })
    furnish(world.upstream)
  })
  after(() => world.close())
  beforeEach(() => {
    world.policy.says = () => undefined
    world.policy.asked.length = 0
    world.audit.fails = false
    world.records.length = 0
    world.upstream.requests.length = 0
  })

  const get = async (path: string, claims: object = {}, grant: object = {}): Promise<Answer> =>
    world.fhir(path, await world.token({ ...claims }, { grant }))
  const same = (one: Answer, other: Answer): void => {
    assert.deepEqual([one.status, one.text], [other.status, other.text])
    const names = (answer: Answer) => [...answer.headers.keys()].filter((name) => name !== 'date')
    assert.deepEqual(names(one), names(other))
  }

  test('a blocked resource answers like one that never was, byte for byte, in every way of asking', async () => {
    world.policy.says = blocking('lab-a', 'img-a')
    for (const [blocked, unknown] of [
      ['Observation/lab-a', 'Observation/nowhere'],
      ['Observation/lab-a/_history/1', 'Observation/nowhere/_history/1'],
      ['Observation/lab-a/_history', 'Observation/nowhere/_history'],
      ['ImagingStudy/img-a', 'ImagingStudy/nowhere'],
    ] as const)
      same(await get(blocked), await get(unknown))
    const writer = { scope: 'patient/*.cruds' }
    const body = (id: string) =>
      JSON.stringify({ resourceType: 'Observation', id, status: 'final', subject: { reference: 'Patient/pat-a' } })
    for (const method of ['PUT', 'DELETE']) {
      const send = async (id: string) =>
        world.fhir(`Observation/${id}`, await world.token(writer), {
          method,
          headers: { 'content-type': 'application/fhir+json' },
          ...(method === 'PUT' ? { body: body(id) } : {}),
        })
      same(await send('lab-a'), await send('nowhere'))
    }
    assert.equal(world.upstream.requests.filter(({ method }) => method !== 'GET').length, 0)
    const [study, nothing] = ['studies/1.2.1/series/5/metadata', 'studies/9.9.9/series/5/metadata']
    same(await world.door(study, await world.token()), await world.door(nothing, await world.token()))
  })

  test('who has no standing towards the patient hears it, with a code, a sentence, what can be asked for and an id to quote', async () => {
    world.policy.says = () => NO_RELATION
    const refused = await get('Observation/lab-a')
    assert.equal(refused.status, 403)
    const [issue] = refused.json.issue
    assert.deepEqual([issue.severity, issue.code], ['error', 'forbidden'])
    assert.deepEqual(issue.details, {
      coding: [
        { system: 'urn:uthopp:policy:reason', code: 'no-care-relation' },
        { system: 'urn:uthopp:policy:available-template', code: 'TILSYN' },
        { system: 'urn:uthopp:policy:correlation', code: refused.headers.get('x-correlation-id') },
      ],
      text: 'Setningen.',
    })
    // No standing, so nothing is told of what exists either.
    const other = await get('Observation/nowhere')
    const blank = (answer: Answer) => answer.text.replaceAll(/[\da-f]{32}/g, '')
    assert.deepEqual([other.status, blank(other)], [403, blank(refused)])
    assert.equal((await get('Observation')).status, 403)
    assert.equal((await get('Observation?_summary=count')).status, 403)
    assert.equal((await world.door('studies', await world.token())).status, 403)
  })

  test('what a rule forbids whatever is found is refused before anything is looked up', async () => {
    world.policy.says = () => ({ reasonCode: 'no-active-licence', rules: ['guard-licence'] })
    assert.equal((await get('Observation/lab-a')).status, 403)
    assert.equal((await get('Observation')).status, 403)
    assert.equal((await world.door('studies/1.2.1/series/5/metadata', await world.token())).status, 403)
    assert.equal(world.upstream.requests.length, 0)
  })

  test('scopes come first: what they do not cover is not put before policy at all', async () => {
    assert.equal((await get('Observation/lab-a', { scope: 'patient/Condition.rs' })).status, 403)
    assert.equal((await get('Observation?patient=pat-b')).status, 403)
    assert.equal((await get('Observation/lab-b')).status, 404)
    assert.ok(world.policy.asked.every(({ circumstance }) => circumstance.launchPatient === 'pat-a'))
    assert.ok(
      world.policy.asked.every(({ question }) => 'resource' in question && question.resource.patient === 'pat-a'),
    )
  })

  test('what cannot be decided is 503 and no answer, also where one resource of many cannot', async () => {
    for (const reasonCode of [
      'facts-unavailable',
      'pdp-unavailable',
      'rule-book-missing',
      'clock-skew',
      'rule-error',
    ]) {
      world.policy.says = (ask) =>
        'resource' in ask.question && ask.question.resource.id === 'lab-a' ? { reasonCode } : undefined
      for (const path of ['Observation/lab-a', 'Observation']) {
        const answer = await get(path)
        assert.equal(answer.status, 503, `${path} ${reasonCode}`)
        assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/)
        assert.equal(answer.json.issue[0].details.coding[0].code, reasonCode)
        assert.equal(answer.json.issue[0].code, 'transient')
      }
    }
  })

  test('a resource whose patient cannot be told is nobody’s to see', async () => {
    const odd = {
      resourceType: 'Observation',
      status: 'final',
      subject: { type: 'Patient', identifier: { value: '1' } },
    }
    world.upstream.put({ ...odd, id: 'odd' })
    assert.equal((await get('Observation/odd', { scope: 'user/Observation.rs', patient: undefined })).status, 404)
    world.upstream.remove('Observation', 'odd')
  })

  test('a resource about several patients needs a permit for each of them', async () => {
    const actor = (id: string) => ({ actor: { reference: `Patient/${id}` } })
    world.upstream.put({ resourceType: 'Appointment', id: 'both', participant: [actor('pat-a'), actor('pat-b')] })
    const both = () => get('Appointment/both', { scope: 'user/Appointment.rs', patient: undefined })
    assert.equal((await both()).status, 200)
    world.policy.says = ({ question }) =>
      'resource' in question && question.resource.patient === 'pat-b' ? NO_RELATION : undefined
    assert.equal((await both()).status, 404)
  })

  test('the question holds what the gateway saw and the issuer said, and nothing that the app says', async () => {
    const token = await world.token({ scope: 'openid fhirUser patient/Observation.rs patient/Patient.r' })
    await world.fhir('Observation/lab-a', token, { headers: { 'x-purpose-of-use': 'BTG', purpose: 'BTG' } })
    const ask = world.policy.asked.at(-1)
    assert.deepEqual(ask?.subject, { kind: 'clinician', id: 'stf101', role: 'role-of-the-tests' })
    const { correlationId, traceparent, ...circumstance } = ask?.circumstance ?? assert.fail()
    assert.match(traceparent, new RegExp(correlationId))
    assert.deepEqual(circumstance, {
      tenant: '993467049',
      clientId: 'pacs-viewer',
      zone: 'internal',
      mayWrite: true,
      senderConstrained: false,
      launchBound: true,
      launchPatient: 'pat-a',
      grants: ['Observation.r', 'Observation.s', 'Patient.r', 'Practitioner.r'],
      acr: 4,
      purpose: 'TREAT',
      decision: null,
    })
    assert.deepEqual(ask?.question, {
      action: 'read',
      resource: { type: 'Observation', id: 'lab-a', patient: 'pat-a', labels: [], units: [], authors: [] },
    })
  })

  test('an issuer that does not tell what it decided opens nothing', async () => {
    const token = await world.token({ grant_id: 'untold' })
    world.issuer.known.set(token, { active: true })
    const answer = await world.fhir('Observation/lab-a', token)
    assert.deepEqual([answer.status, answer.json.issue[0].details.coding[0].code], [503, 'launch-facts-unavailable'])
    world.issuer.known.set(token, { active: false })
    assert.equal((await world.fhir('Observation/lab-a', token)).status, 401)
  })

  test('the issuer is asked once a grant, however many requests and tokens it has', async () => {
    world.issuer.introspected.length = 0
    const tokens = await Promise.all(['1', '2', '3'].map((jti) => world.token({ grant_id: 'often', jti })))
    await Promise.all([...tokens, ...tokens].map((token) => world.fhir('Observation/lab-a', token)))
    assert.equal(world.issuer.introspected.length, 1)
  })

  test('a token that died says nothing of the living ones of its grant', async () => {
    const [dead, alive] = [await world.token({ grant_id: 'shared' }), await world.token({ grant_id: 'shared' })]
    world.issuer.known.set(dead, { active: false })
    const answers = await Promise.all(
      [dead, alive, alive, dead, alive].map((token) => world.fhir('Observation/lab-a', token)),
    )
    assert.deepEqual(
      answers.map(({ status }) => status),
      [401, 200, 200, 401, 200],
    )
  })

  test('an obligation that cannot be performed makes a permit a denial', async () => {
    const oblige = (type: string, properties: object = {}) => {
      // A decision point elsewhere may send a type that ours does not know.
      world.policy.says = () => ({ obligations: [{ id: 'x', type, properties } as never] })
      return get('Observation/lab-a')
    }
    assert.equal((await oblige('step-up')).status, 404)
    assert.equal((await oblige('audit', { event: 'fhir-access' })).status, 200)
    for (const type of ['notify', 'banner']) assert.equal((await oblige(type)).status, 404, type)
    assert.equal((await oblige('mask', { paths: 'code' })).status, 404)
    const masked = await oblige('mask', { paths: ['code.text', 'category'] })
    assert.deepEqual([masked.json.code, masked.json.category, masked.json.id], [{}, undefined, 'lab-a'])
    const told = {
      text: { status: 'generated', div: '<div>x</div>' },
      contained: [{ resourceType: 'Device', id: 'd' }],
    }
    world.upstream.put({
      resourceType: 'Observation',
      id: 'lab-a',
      code: { text: 'crp' },
      subject: { reference: 'Patient/pat-a' },
      ...told,
    })
    const again = await oblige('mask', { paths: ['code'] })
    assert.deepEqual(
      [again.status, again.json.code, again.json.text, again.json.contained],
      [200, undefined, undefined, undefined],
    )
    assert.equal((await oblige('filter', {})).status, 404)
    assert.equal((await oblige('filter', { labels: ['R'] })).status, 200)
  })
})
