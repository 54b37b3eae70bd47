import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Answer, Obligation } from '@uthopp/policy/answer'
import { parseDeployment } from '@uthopp/server-kit/read-deployment'
import { newTrace } from '@uthopp/server-kit/trace'
import { tenantOf } from '@uthopp/storage/tenant'
import { isPermit } from '#src/work-surface/access/ask-policy.ts'
import { mayChoose } from '#src/work-surface/access/may-choose.ts'
import { aRole } from '../../facts/builders.ts'

const ORGNR = '993467049'
const owed = (type: Obligation['type'], properties: Obligation['properties'] = {}): Obligation => ({
  id: type,
  type,
  properties,
})
const leader = owed('notify', { to: 'unit-leader' })
const officer = owed('notify', { to: 'privacy-officer' })

const answerOf = (obligations: readonly Obligation[], effect: Answer['effect'] = 'permit'): Answer => ({
  effect,
  decisionId: 'd1',
  policyVersion: 'v1',
  rules: [],
  reasonCode: effect === 'permit' ? 'permitted' : 'reason-too-short',
  reasonText: { nb: '', en: '' },
  obligations,
  validUntil: null,
  careDecision: null,
  purpose: null,
  requestable: null,
  trace: { action: 'selfAuthorize', principal: '', resource: '', context: {} },
})

async function choose(answer: Answer | undefined, stage: 'off' | 'log-only' | 'enforce' = 'enforce') {
  const elsewhere = 'http://127.0.0.1:9'
  const deployment = parseDeployment({
    world: 'demo',
    addresses: { launcher: elsewhere, host: elsewhere, auth: elsewhere, gateway: elsewhere },
    hostOrigins: [elsewhere],
    trusts: [{ orgnr: ORGNR, name: 'Oslo universitetssykehus HF', shortName: 'OUS', policy: { host: stage } }],
    apps: [],
  })
  const policy = { decideAll: () => Promise.resolve(answer === undefined ? [] : [answer]) }
  const present = { user: { id: 'stf1' }, role: { ...aRole(), name: '' } } as never // only the two ids are read
  const { answer: told, ...choice } = await mayChoose(
    { deployment, tenant: tenantOf(ORGNR), policy },
    { present, patient: 'cdp1', trace: newTrace() },
    {
      basis: { purpose: 'ETREAT', decision: null },
      question: { action: 'selfAuthorize', template: 'BLAALYS', reasonChars: 20, confirmed: false },
      otherwise: 'template_not_available',
    },
  )
  // What policy said is written down whatever comes of it.
  assert.equal(told?.reasonCode, stage === 'off' ? undefined : answer?.reasonCode)
  return choice
}

describe('what policy owes for access somebody gives themselves', () => {
  test('is told to whom it names, and written down', async () => {
    assert.deepEqual(await choose(answerOf([owed('audit'), leader, officer])), {
      kind: 'allowed',
      notified: ['unit-leader', 'privacy-officer'],
    })
  })

  test('makes a refusal of a permit when nobody here can do it', async () => {
    const refused = { kind: 'denied', code: 'template_not_available' }
    for (const obligation of [owed('notify', { to: 'county-governor' }), owed('notify'), owed('mask'), owed('filter')])
      assert.deepEqual(await choose(answerOf([owed('audit'), leader, obligation])), refused, obligation.type)
  })

  test('is asked of policy alone: no answer and a denial are refusals, except where only the log hears of it', async () => {
    assert.deepEqual(await choose(undefined), { kind: 'denied', code: 'template_not_available' })
    assert.deepEqual(await choose(answerOf([], 'deny')), { kind: 'denied', code: 'reason_required' })
    for (const stage of ['off', 'log-only'] as const)
      assert.deepEqual(await choose(answerOf([], 'deny'), stage), { kind: 'allowed', notified: [] })
  })
})

describe('a permit to show something', () => {
  test('is none where something must be masked, filtered or told first', () => {
    assert.equal(isPermit(answerOf([owed('audit'), owed('max-age', { seconds: 4 })])), true)
    for (const obligation of [owed('mask'), owed('filter'), leader])
      assert.equal(isPermit(answerOf([owed('audit'), obligation])), false, obligation.type)
    assert.equal(isPermit(undefined), false)
  })
})
