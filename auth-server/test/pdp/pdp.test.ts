import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { generateSigningKey } from '@uthopp/server-kit/keys'
import { createServiceSigner } from '@uthopp/server-kit/service-token'
import { denied, PERMITTED } from '#test/policy/in-test-point.ts'
import { AHUS, OUS } from '#test/support/stub-host.ts'
import { apiToken, json, startWorld, type World } from '#test/support/world.ts'

const SUBJECT = { type: 'clinician', id: 'stf101', properties: { role: 'agb101' } }
const CONTEXT = {
  tenant: OUS,
  client_id: 'pacs-viewer',
  zone: 'internal',
  may_write: true,
  sender_constrained: false,
  launch_bound: true,
  launch_patient: 'cdp1001',
  grants: ['Observation.r'],
  acr: 3,
  purpose: 'TREAT',
}
const resource = (id: string) => ({
  type: 'fhir',
  id,
  properties: { patient: 'cdp1001', labels: [], units: [], authors: [] },
})
const READ = { subject: SUBJECT, action: { name: 'read' }, resource: resource('Observation/o1'), context: CONTEXT }
const without = (member: string, from: Readonly<Record<string, unknown>> = READ) =>
  Object.fromEntries(Object.entries(from).filter(([name]) => name !== member))

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())
beforeEach(() => {
  world.policy().answer = ({ question }) =>
    'resource' in question && question.resource.id === 'hidden' ? denied('blocked-by-patient') : undefined
  world.policy().asked.length = 0
})

type Sent = {
  readonly as?: 'gateway' | 'host'
  readonly scope?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly raw?: string
}

async function send(path: string, body: unknown, { as = 'gateway', scope = '__pdp.evaluate', ...more }: Sent = {}) {
  const token = await apiToken(world, as, scope)
  return fetch(`${world.issuer()}/pdp/access/v1/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...more.headers },
    body: more.raw ?? JSON.stringify(body),
  })
}
const evaluate = (body: unknown, sent: Sent = {}) => send('evaluation', body, sent)
const evaluateAll = async (body: unknown, sent: Sent = {}) => {
  const answer = await send('evaluations', body, sent)
  assert.equal(answer.status, 200)
  const { evaluations } = (await json(answer)) as {
    evaluations: readonly { decision: boolean; context?: Record<string, unknown> }[]
  } // the server under test wrote it
  return evaluations
}
const decisionsOf = (evaluations: readonly { decision: boolean }[]) => evaluations.map(({ decision }) => decision)

describe('a single evaluation (AuthZEN 1.0)', () => {
  test('is a decision with its reasons in the context, and a deny is 200 (AZ-2, AZ-11, AZ-41)', async () => {
    const permitted = await evaluate(READ)
    assert.equal(permitted.status, 200)
    assert.match(permitted.headers.get('content-type') ?? '', /^application\/json/)
    const permit = await json(permitted)
    assert.equal(permit['decision'], true)
    const refused = await evaluate({ ...READ, resource: resource('Observation/hidden') })
    assert.equal(refused.status, 200)
    const deny = (await json(refused)) as { decision: boolean; context: Record<string, unknown> }
    assert.equal(deny.decision, false)
    assert.equal(deny.context['reason_code'], 'blocked-by-patient')
    assert.ok(deny.context['decision_id'] && deny.context['policy_version'] && deny.context['reason_text'])
  })

  test('gives the same answer to the same question (AZ-11)', async () => {
    const answers = await Promise.all([evaluate(READ), evaluate(READ)])
    const [one, other] = await Promise.all(answers.map(json))
    assert.deepEqual(one, other)
  })

  test('is 400 without a required member or one of its required members (AZ-10, AZ-44)', async () => {
    const bodies: [Record<string, unknown>, RegExp][] = [
      [without('subject'), /subject/],
      [without('action'), /action/],
      [without('resource'), /resource/],
      [{ ...READ, subject: without('type', SUBJECT) }, /subject\.type/],
      [{ ...READ, subject: without('id', SUBJECT) }, /subject\.id/],
      [{ ...READ, action: {} }, /action\.name/],
      [{ ...READ, resource: without('type', READ.resource) }, /resource\.type/],
      [{ ...READ, resource: without('id', READ.resource) }, /resource\.id/],
      [{ ...READ, subject: 'stf101' }, /subject/],
      [{ ...READ, context: { ...CONTEXT, acr: 'three' } }, /acr/],
    ]
    for (const [body, named] of bodies) {
      const answer = await evaluate(body)
      assert.equal(answer.status, 400, String(named))
      const message: unknown = await answer.json()
      assert.ok(typeof message === 'string', 'an error is a JSON string (AZ-35)')
      assert.match(message, named)
      assert.doesNotMatch(message, /stf101|cdp1001/, 'it names members, never values')
    }
  })

  test('takes members nobody knows (AZ-4)', async () => {
    const answer = await evaluate({
      ...READ,
      more: 1,
      subject: { ...SUBJECT, more: true },
      action: { name: 'read', x: 1 },
    })
    assert.equal(answer.status, 200)
  })

  test('is 400 for another content type, no JSON, no object and nothing (AZ-17)', async () => {
    const cases: Sent[] = [
      { raw: JSON.stringify(READ), headers: { 'content-type': 'text/plain' } },
      { raw: '{' },
      { raw: '[]' },
      { raw: 'null' },
      { raw: '' },
    ]
    for (const sent of cases) {
      const answer = await evaluate(undefined, sent)
      assert.equal(answer.status, 400)
      assert.equal(typeof (await answer.json()), 'string')
    }
  })

  test('brings the request id back unchanged, on errors too (AZ-34)', async () => {
    const id = '0198-request.id'
    for (const body of [READ, {}]) {
      const answer = await evaluate(body, { headers: { 'x-request-id': id } })
      assert.equal(answer.headers.get('x-request-id'), id)
    }
    assert.equal((await evaluate(READ)).headers.get('x-request-id'), null)
  })

  test('is about this trust, under the correlation id of its own request, whatever it says itself', async () => {
    const foreign = await evaluate({ ...READ, context: { ...CONTEXT, tenant: AHUS } })
    assert.equal(foreign.status, 400)
    const answer = await evaluate({ ...READ, context: { ...CONTEXT, correlation_id: 'forged', time: '2020-01-01' } })
    const [asked] = world.policy().asked
    assert.equal(asked?.circumstance.correlationId, answer.headers.get('x-correlation-id'))
  })

  test('is for enforcement points, each about what is its own (AZ-36, AZ-37)', async () => {
    const url = `${world.issuer()}/pdp/access/v1/evaluation`
    const bare = await fetch(url, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
    assert.equal(bare.status, 401)
    assert.equal(typeof (await bare.json()), 'string')
    const foreign = await apiToken(world, 'gateway', '__pdp.evaluate', AHUS)
    const elsewhere = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${foreign}` } })
    assert.equal(elsewhere.status, 401)
    assert.equal((await evaluate(READ, { scope: '__audit.write' })).status, 401, 'a token for something else')
    const signer = createServiceSigner({ key: await generateSigningKey('ES256'), issuer: 'https://gateway.example' })
    const authorization = await signer.bearer(`${world.issuer()}/pdp`, '__pdp.evaluate')
    const headers = { authorization, 'content-type': 'application/json' }
    const unissued = await fetch(url, { method: 'POST', headers, body: JSON.stringify(READ) })
    assert.equal(unissued.status, 401, 'a token that nobody issued')
    assert.equal((await evaluate(READ, { as: 'host', scope: '__pdp.search' })).status, 403)
    const scopes = {
      ...READ,
      action: { name: 'grantScope' },
      resource: { type: 'scope', id: 'offline_access', properties: { registered: true } },
    }
    for (const as of ['gateway', 'host'] as const) {
      const answer = await evaluate(scopes, { as })
      assert.equal(answer.status, 403, `${as} asks about scopes`)
    }
    const glass = {
      ...READ,
      action: { name: 'breakGlass' },
      resource: {
        type: 'patient',
        id: 'cdp1001',
        properties: { reason_chars: 20, confirmed: true, items: ['DocumentReference/d1'] },
      },
    }
    assert.equal((await evaluate(glass)).status, 403)
    assert.equal((await evaluate(glass, { as: 'host' })).status, 200)
    assert.equal(world.policy().asked.filter(({ question }) => question.action === 'grantScope').length, 0)
  })
})

describe('many evaluations at once (AuthZEN 1.0)', () => {
  const item = (id: string) => ({ resource: resource(`Observation/${id}`) })
  const defaults = without('resource')

  test('take over whole members from above and answer in order (AZ-13, AZ-16, AZ-18)', async () => {
    const evaluations = await evaluateAll({ ...READ, evaluations: [{}, item('hidden'), item('o2')] })
    assert.deepEqual(decisionsOf(evaluations), [true, false, true])
    assert.deepEqual(
      world.policy().asked.map(({ question }) => ('resource' in question ? question.resource.id : '')),
      ['o1', 'hidden', 'o2'],
    )
    assert.equal(world.policy().calls > 0, true)
  })

  test('never merge a context: an item that brings its own lacks the other members (acceptance 2)', async () => {
    const { purpose: _, ...rest } = CONTEXT
    await evaluateAll({ ...defaults, evaluations: [{ ...item('o1'), context: rest }] })
    assert.equal(world.policy().asked[0]?.circumstance.purpose, null)
    const [lacking] = await evaluateAll({ ...defaults, evaluations: [{ ...item('o1'), context: { tenant: OUS } }] })
    assert.equal(lacking?.decision, false)
    assert.deepEqual(Object.keys(lacking?.context ?? {}), ['error'])
  })

  test('without items are the single evaluation, in question and answer (AZ-14)', async () => {
    for (const body of [READ, { ...READ, evaluations: [] }]) {
      const answer = await json(await send('evaluations', body))
      assert.equal(answer['decision'], true)
      assert.equal(answer['evaluations'], undefined)
    }
    assert.equal((await send('evaluations', without('subject'))).status, 400)
  })

  test('stop where their semantics says, and the answer is as short (AZ-15)', async () => {
    const evaluations = [item('o1'), item('hidden'), item('o2'), item('hidden')]
    const all = async (semantic?: string) =>
      decisionsOf(
        await evaluateAll({
          ...defaults,
          evaluations,
          ...(semantic === undefined ? {} : { options: { evaluations_semantic: semantic } }),
        }),
      )
    assert.deepEqual(await all(), [true, false, true, false])
    assert.deepEqual(await all('execute_all'), [true, false, true, false])
    world.policy().decideAll = async (asks, semantics = 'execute_all') => {
      const answers = []
      for (const ask of asks) {
        const answer = world.policy().answer(ask) ?? PERMITTED
        answers.push(answer)
        if (semantics === 'deny_on_first_deny' && answer.effect === 'deny') break
        if (semantics === 'permit_on_first_permit' && answer.effect === 'permit') break
      }
      return answers
    }
    assert.deepEqual(await all('deny_on_first_deny'), [true, false])
    assert.deepEqual(await all('permit_on_first_permit'), [true])
    const broken = [item('hidden'), { resource: {} }, item('o1'), item('o2')]
    const shortened = async (semantic: string) =>
      decisionsOf(await evaluateAll({ ...defaults, evaluations: broken, options: { evaluations_semantic: semantic } }))
    assert.deepEqual(await shortened('permit_on_first_permit'), [false, false, true])
    assert.deepEqual(await shortened('deny_on_first_deny'), [false])
    const fault = { ...defaults, evaluations: [item('o1'), { resource: {} }, item('o2')] }
    const stopped = await evaluateAll({ ...fault, options: { evaluations_semantic: 'deny_on_first_deny' } })
    assert.deepEqual(decisionsOf(stopped), [true, false], 'what cannot be asked is a deny')
    const unknown = await send('evaluations', { ...fault, options: { evaluations_semantic: 'guess' } })
    assert.equal(unknown.status, 400)
  })

  test('answer a bad item where it stands, and its neighbours (AZ-17)', async () => {
    const evaluations = await evaluateAll({
      ...defaults,
      evaluations: [
        item('o1'),
        { resource: { type: 'fhir' } },
        { action: { name: 'grantScope' }, ...item('o2') },
        item('o3'),
      ],
    })
    assert.deepEqual(decisionsOf(evaluations), [true, false, false, true])
    const error = evaluations[1]?.context?.['error'] as { status: number; message: string } // the server under test wrote it
    assert.equal(error.status, 400)
    assert.match(error.message, /resource\.id/)
  })

  test('are 400 as a whole when the payload is none, and 413 beyond the limits (AZ-17, AZ-19)', async () => {
    for (const body of [
      { ...READ, evaluations: 'all' },
      { ...READ, evaluations: [1] },
      { ...READ, evaluations: [{}], options: 7 },
    ])
      assert.equal((await send('evaluations', body)).status, 400)
    const many = await send('evaluations', { ...READ, evaluations: Array.from({ length: 501 }, () => ({})) })
    assert.equal(many.status, 413)
    const heavy = await send('evaluations', { ...READ, padding: 'x'.repeat(260 * 1024) })
    assert.equal(heavy.status, 413)
    assert.equal(typeof (await heavy.json()), 'string')
  })
})

describe('searches (AuthZEN 1.0)', () => {
  const search = (what: string, body: unknown) => send(`search/${what}`, body, { as: 'host', scope: '__pdp.search' })
  const results = async (answer: Response) => {
    assert.equal(answer.status, 200)
    const body = (await json(answer)) as { results: readonly unknown[]; page: { next_token: string } } // as above
    assert.equal(body.page.next_token, '', 'everything is on this page (AZ-23)')
    return body.results
  }

  test('for actions say what may be done here (AZ-20, AZ-21, AZ-25)', async () => {
    world.policy().answer = ({ question }) => (question.action === 'read' ? undefined : denied('no'))
    const question = without('action')
    assert.deepEqual(await results(await search('action', question)), [{ name: 'read' }])
    assert.equal((await search('action', READ)).status, 400, 'an action search has no action')
    const unknown = { ...question, resource: { type: 'spaceship', id: 'x' } }
    assert.deepEqual(await results(await search('action', unknown)), [])
  })

  test('for apps ignore a stray id and leave out what may not be opened', async () => {
    world.policy().answer = ({ question }) =>
      question.action === 'launch' && question.app === 'nutrition' ? denied('no') : undefined
    const question = { ...READ, action: { name: 'launch' }, resource: { type: 'app' } }
    const found = await results(await search('resource', question))
    assert.deepEqual(found, [{ type: 'app', id: 'pacs-viewer' }])
    const stray = { ...question, resource: { type: 'app', id: 'nutrition' } }
    assert.deepEqual(await results(await search('resource', stray)), found)
  })

  test('for patients are those the host shows and policy permits', async () => {
    world.policy().answer = ({ question }) =>
      'resource' in question && question.resource.id === 'cdp1002' ? denied('no') : undefined
    const question = { ...READ, resource: { type: 'patient' } }
    assert.deepEqual(await results(await search('resource', question)), [{ type: 'patient', id: 'cdp1001' }])
    assert.deepEqual(await results(await search('resource', { ...question, resource: { type: 'spaceship' } })), [])
    assert.equal((await search('resource', { ...question, resource: {} })).status, 400)
  })

  test('for subjects do not exist, and none is for whoever may only evaluate', async () => {
    assert.equal((await search('subject', READ)).status, 404)
    assert.equal((await send('search/action', without('action'))).status, 403)
  })
})

describe('the metadata of a decision point (AuthZEN 1.0)', () => {
  test('stand between host and path, name what exists and nothing else (AZ-26 to AZ-29, AZ-32)', async () => {
    const pdp = `${world.issuer()}/pdp`
    const { origin, pathname } = new URL(pdp)
    const answer = await fetch(`${origin}/.well-known/authzen-configuration${pathname}`)
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('cache-control'), 'public, max-age=300')
    const metadata = await json(answer)
    assert.equal(metadata['policy_decision_point'], pdp)
    assert.equal(metadata['search_subject_endpoint'], undefined)
    for (const [name, value] of Object.entries(metadata)) {
      if (!name.endsWith('_endpoint')) continue
      const reached = await fetch(String(value), { method: 'POST' })
      assert.equal(reached.status, 401, name)
    }
    assert.equal((await fetch(`${pdp}/.well-known/authzen-configuration`)).status, 404, 'not appended')
    assert.equal((await fetch(`${origin}/.well-known/authzen-configuration/999999999/pdp`)).status, 404)
  })
})
