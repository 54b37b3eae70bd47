import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { createCaacDecisionPoint } from '@uthopp/policy/caac-point'
import type { Ask } from '@uthopp/policy/decision-point'
import { createDecisionPoint } from '@uthopp/policy/in-process'
import { OWN_RULES } from '@uthopp/policy/rule-book'
import { readCase } from '#src/facts/care-facts.ts'
import { AHUS, OUS, startHostWorld } from '../http/host-world.ts'

const world = await startHostWorld()
const { gateway, auth } = world.deployment.addresses
const audience = `${world.address}/${OUS}/caac`
const scope = '__pdp.evaluate'
const bearer = () => world.forge({ issuer: gateway, audience, scope })
const caac = createCaacDecisionPoint({ address: `${audience}/decide`, bearer, timeoutMs: 5000, now: () => new Date() })
const own = createDecisionPoint({
  facts: {
    read: async ({ user, role, patients }) => {
      const facts = world.host.trusts.get(OUS)?.facts
      const found = facts && (await readCase(facts, { user, role, patients }))
      assert.ok(found)
      return found
    },
  },
  rules: OWN_RULES,
  now: () => new Date(),
  log: () => undefined,
})
after(async () => {
  await own.close()
  await world.close()
})

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const nordmann = { kind: 'clinician', id: 'stf101', role: 'agb101' } as const
const circumstance = (changes: Partial<Ask['circumstance']> = {}): Ask['circumstance'] => ({
  tenant: OUS,
  clientId: 'orders-results',
  zone: 'internal',
  mayWrite: true,
  senderConstrained: false,
  launchBound: true,
  launchPatient: 'cdp1004',
  grants: ['*.r', '*.s', '*.c', '*.u'],
  acr: 4,
  purpose: 'TREAT',
  decision: null,
  correlationId: TRACE.slice(3, 35),
  traceparent: TRACE,
  ...changes,
})
const resource = (patient: string, type = 'Observation') => ({
  type,
  id: `x-${patient}`,
  patient,
  labels: [],
  units: [],
  authors: [],
})
const reading = (patient: string, type?: string): Ask => ({
  subject: nordmann,
  circumstance: circumstance({ launchPatient: patient }),
  question: { action: 'read', resource: resource(patient, type) },
})
const ASKS: readonly Ask[] = [
  reading('cdp1004'),
  reading('cdp1001'),
  reading('cdp1002'),
  reading('nobody'),
  { ...reading('cdp1004'), subject: { kind: 'clinician', id: 'stf107', role: 'agb107' } },
  { ...reading('cdp1001', 'Condition'), subject: { kind: 'clinician', id: 'stf107', role: 'agb107' } },
  { ...reading('cdp1001', 'NutritionOrder'), subject: { kind: 'clinician', id: 'stf107', role: 'agb107' } },
  { ...reading('cdp1004'), circumstance: circumstance({ purpose: null }) },
  { ...reading('cdp1004'), circumstance: circumstance({ decision: 'forged' }) },
  { ...reading('cdp1004'), subject: { kind: 'citizen', id: 'cdp1004', role: null } },
  { subject: nordmann, circumstance: circumstance(), question: { action: 'create', resource: resource('cdp1004') } },
  { subject: nordmann, circumstance: circumstance(), question: { action: 'launch', app: 'orders-results' } },
  {
    subject: nordmann,
    circumstance: circumstance(),
    question: {
      action: 'grantScope',
      scope: { level: 'patient', type: 'Observation', letter: 'r', categories: ['laboratory'], registered: true },
    },
  },
  {
    subject: nordmann,
    circumstance: circumstance(),
    question: { action: 'grantScope', scope: { other: 'online_access', registered: true } },
  },
  {
    subject: nordmann,
    circumstance: circumstance({ purpose: 'ETREAT', launchPatient: 'cdp1001' }),
    question: { action: 'selfAuthorize', template: 'BLAALYS', reasonChars: 24, confirmed: true },
  },
  {
    subject: nordmann,
    circumstance: circumstance({ purpose: 'BTG' }),
    question: { action: 'breakGlass', items: ['DocumentReference/x'], reasonChars: 24, confirmed: false },
  },
]

describe("the host's own access control, put in the place of another decision point", () => {
  test('is asked about a page of an app with hundreds of scopes in as many bodies as it reads', async () => {
    const wide = circumstance({
      grants: ['*.r', ...Array.from({ length: 400 }, (_, at) => `MedicationAdministration${at}.s`)],
    })
    const asks = Array.from({ length: 200 }, (): Ask => ({ ...reading('cdp1004'), circumstance: wide }))
    assert.deepEqual(
      [...new Set((await caac.decideAll(asks)).map(({ effect, reasonCode }) => `${effect} ${reasonCode}`))],
      ['permit care-decision'],
    )
  })

  test('answers every question as the trust’s own rules do: effect, rules, code, purpose, obligations', async () => {
    const [theirs, ours] = [await caac.decideAll(ASKS), await own.decideAll(ASKS)]
    assert.equal(theirs.length, ASKS.length)
    for (const [index, answer] of theirs.entries()) {
      const expected = ours[index]
      const told = ({
        effect,
        rules,
        reasonCode,
        reasonText,
        obligations,
        purpose,
        requestable,
        trace,
      }: typeof answer) => ({
        effect,
        rules,
        reasonCode,
        reasonText,
        obligations,
        purpose,
        requestable,
        resource: trace.resource,
      })
      assert.ok(expected)
      assert.deepEqual(told(answer), told(expected), `question ${index}`)
    }
    assert.ok(theirs.some(({ effect }) => effect === 'permit') && theirs.some(({ effect }) => effect === 'deny'))
  })

  test('stops where it is told to', async () => {
    const order = [reading('cdp1004'), reading('cdp1006'), reading('cdp1004')]
    assert.deepEqual(
      (await caac.decideAll(order, 'deny_on_first_deny')).map(({ effect }) => effect),
      ['permit', 'deny'],
    )
    assert.equal((await caac.decideAll(order, 'permit_on_first_permit')).length, 1)
  })

  test('asks in pages, so that a long list is answered whole', async () => {
    const many = Array.from({ length: 230 }, () => reading('cdp1004'))
    const answers = await caac.decideAll(many)
    assert.equal(answers.length, 230)
    assert.ok(answers.every(({ effect }) => effect === 'permit'))
  })

  test('silence, refusal and nonsense are each a deny, never an error', async () => {
    const address = `${audience}/decide`
    for (const point of [
      createCaacDecisionPoint({ address: 'http://127.0.0.1:9/decide', bearer, timeoutMs: 500, now: () => new Date() }),
      createCaacDecisionPoint({
        address,
        bearer: () => Promise.resolve('Bearer x.y.z'),
        timeoutMs: 500,
        now: () => new Date(),
      }),
      createCaacDecisionPoint({
        address,
        bearer: () => Promise.reject(new Error('no key')),
        timeoutMs: 500,
        now: () => new Date(),
      }),
      createCaacDecisionPoint({
        address: `${world.address}/openapi.json`,
        bearer,
        timeoutMs: 500,
        now: () => new Date(),
      }),
    ]) {
      const answer = await point.decide(reading('cdp1004'))
      assert.deepEqual([answer.effect, answer.reasonCode], ['deny', 'pdp-unavailable'])
    }
  })
})

async function post(body: unknown, options: { readonly orgnr?: string; readonly as?: string | null } = {}) {
  const { orgnr = OUS, as = await bearer() } = options
  const answer = await fetch(`${world.address}/${orgnr}/caac/decide`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(as === null ? {} : { authorization: as }) },
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> } // every answer is a JSON object
}
const QUESTION = {
  bruker: { type: 'helsepersonell', id: 'stf101', rolle: 'agb101' },
  omstendigheter: {
    foretak: OUS,
    app: 'orders-results',
    sone: 'intern',
    kan_skrive: true,
    avsenderbundet: false,
    bundet_til_oppstart: true,
    oppstartspasient: 'cdp1004',
    rettigheter: ['Observation.r'],
    sikkerhetsniva: 4,
    formal: 'TREAT',
    beslutning: null,
  },
  handling: 'les',
  opplysning: { type: 'Observation', id: 'x', pasient: 'cdp1004', merker: [], enheter: [], forfattere: [] },
}

describe('who may ask, and what', () => {
  test('an enforcement point of the trust, in the host’s own words', async () => {
    for (const issuer of [gateway, `${auth}/${OUS}`]) {
      const { status, body } = await post(
        { sporsmal: [QUESTION] },
        { as: await world.forge({ issuer, audience, scope }) },
      )
      assert.equal(status, 200)
      assert.equal((body['svar'] as readonly { resultat: string }[])[0]?.resultat, 'tillatt') // as described
    }
  })

  test('nobody else', async () => {
    for (const as of [
      null,
      await world.forge({ issuer: gateway, audience, scope: '__facts.read' }),
      await world.forge({ issuer: gateway, audience: `${world.address}/${OUS}/facts`, scope }),
      await world.forge({ issuer: `${auth}/${AHUS}`, audience, scope }),
      await world.forge({ issuer: world.deployment.addresses.launcher, audience, scope }),
    ])
      assert.equal((await post({ sporsmal: [QUESTION] }, { as })).status, 401)
  })

  test('each trust decides for itself, and knows nothing of the other’s people', async () => {
    const there = { issuer: gateway, audience: `${world.address}/${AHUS}/caac`, scope }
    const as = await world.forge(there)
    assert.equal((await post({ sporsmal: [QUESTION] }, { orgnr: AHUS, as })).body['error'], 'foreign_trust')
    const moved = { ...QUESTION, omstendigheter: { ...QUESTION.omstendigheter, foretak: AHUS } }
    const { body } = await post({ sporsmal: [moved] }, { orgnr: AHUS, as })
    assert.equal((body['svar'] as readonly { resultat: string }[])[0]?.resultat, 'avslatt') // as described
  })

  test('a question that makes no sense is refused by the name of what is wrong', async () => {
    const { opplysning, ...nothing } = QUESTION
    for (const [sporsmal, name] of [
      [[{ ...QUESTION, handling: 'read' }], /handling/],
      [[nothing], /opplysning|body|object/],
      [[{ ...QUESTION, opplysning: { ...opplysning, merker: 'x' } }], /merker/],
      [[{ ...QUESTION, nodsituasjon: true }], /nodsituasjon/],
      [[{ ...QUESTION, omstendigheter: { ...QUESTION.omstendigheter, formal: 7 } }], /formal/],
      [Array.from({ length: 201 }, () => QUESTION), /sporsmal/],
      ['alle', /sporsmal/],
    ] as const) {
      const { status, body } = await post({ sporsmal })
      assert.equal(status, 400)
      assert.match(String(body['error_description']), name)
    }
  })
})
