import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PolicyStage } from '@uthopp/server-kit/deployment'
import { newTrace } from '@uthopp/server-kit/trace'
import type { Client } from '#src/clients/client.ts'
import { SILENT } from '#src/launch/events.ts'
import type { Asker } from '#src/policy/asker.ts'
import { type Asking, createIssuancePolicy } from '#src/policy/issuance.ts'
import type { IssuanceRecord } from '#src/policy/witness.ts'
import { createInTestPoint, denied, nameOfAsk, PERMITTED } from './in-test-point.ts'

const CLIENT: Client = {
  clientId: 'nutrition',
  name: 'Nutrition',
  redirectUris: [],
  launchUris: [],
  grantTypes: ['authorization_code'],
  authentication: { method: 'none' },
  scope: 'patient/*.cruds',
  idTokenAlg: 'RS256',
  zone: 'internal',
  approval: 'trust',
  host: undefined,
}
const ASKER: Asker = {
  tenant: '993467049',
  kind: 'clinician',
  user: 'stf101',
  role: 'agb101',
  patient: 'cdp1001',
  acr: 3,
  purpose: 'TREAT',
  decision: 'tilsyn-1',
}
const ASKING: Asking = {
  moment: 'authorize',
  asker: ASKER,
  client: CLIENT,
  trace: newTrace(),
  launchId: 'launch-1',
  grantId: null,
  senderConstrained: false,
}
const NOW = new Date('2026-11-20T12:00:00Z')
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000)

function policyAt(stage: PolicyStage) {
  const point = createInTestPoint()
  const told: string[] = []
  const witnessed: IssuanceRecord[] = []
  const note = (event: string, { code }: { readonly code?: string }) => void told.push(`${event} ${code}`)
  const policy = createIssuancePolicy({
    decisionPoint: point,
    stage,
    events: { tell: note, deed: (work) => work(async () => undefined), alarm: note, failed: () => undefined },
    witness: async (record) => void witnessed.push(record),
    now: () => NOW,
  })
  const decide = (granted: string, changes: Partial<Asking> = {}) =>
    policy.decideScopes(
      { ...ASKING, ...changes },
      { asked: granted.split(' '), granted: granted.split(' '), withheld: [] },
    )
  return { policy, point, told, witnessed, decide }
}

/** What was decided; anything else fails the test. */
async function decided(verdict: ReturnType<ReturnType<typeof policyAt>['decide']>) {
  const answer = await verdict
  assert.ok(answer.kind === 'decided', `not decided: ${JSON.stringify(answer)}`)
  return answer
}

describe('scopes on their way to a token', () => {
  test('are decided letter by letter in one call, with what the host vouches for and nothing else', async () => {
    const { point, decide } = policyAt('enforce')
    await decided(decide('launch openid patient/Observation.rs patient/Condition.read offline_access'))
    assert.equal(point.calls, 1)
    assert.deepEqual(point.asked.map(nameOfAsk), [
      'patient/Observation.r',
      'patient/Observation.s',
      'patient/Condition.r',
      'patient/Condition.s',
      'offline_access',
    ])
    const [first] = point.asked
    assert.deepEqual(first?.subject, { kind: 'clinician', id: 'stf101', role: 'agb101' })
    const { correlationId, traceparent, ...circumstance } = first?.circumstance ?? {}
    assert.equal(correlationId, ASKING.trace.traceId)
    assert.equal(traceparent, ASKING.trace.traceparent)
    assert.deepEqual(circumstance, {
      tenant: '993467049',
      clientId: 'nutrition',
      zone: 'internal',
      mayWrite: true,
      senderConstrained: false,
      launchBound: true,
      launchPatient: 'cdp1001',
      grants: [],
      acr: 3,
      purpose: 'TREAT',
      decision: 'tilsyn-1',
    })
  })

  test('lose what policy denies, with the code and the sentence of its rule', async () => {
    const { point, decide, witnessed, told } = policyAt('enforce')
    point.answer = (ask) => (nameOfAsk(ask).startsWith('patient/Condition') ? denied('role-not-entitled') : undefined)
    const { granted, withheld } = await decided(decide('launch patient/Observation.rs patient/Condition.read'))
    assert.deepEqual(granted, ['launch', 'patient/Observation.rs'])
    const entry = {
      scope: 'patient/Condition.rs',
      code: 'role-not-entitled',
      reason: 'this is refused by role-not-entitled',
      rules: ['rule-role-not-entitled'],
    }
    assert.deepEqual(withheld, [entry])
    assert.deepEqual(told, ['scope-withheld role-not-entitled'])
    const [record] = witnessed
    assert.deepEqual(record?.granted, granted)
    assert.equal(record?.enforced, true)
    assert.equal(record?.answers.get('patient/Condition.r')?.effect, 'deny')
  })

  test('end with the narrowest fact they lean on, and not with one that only denials know', async () => {
    const { point, decide } = policyAt('enforce')
    point.answer = (ask) => {
      if (nameOfAsk(ask) === 'patient/Observation.s') return { ...PERMITTED, validUntil: minutes(3) }
      if (nameOfAsk(ask) === 'patient/Condition.r') return denied('no', { validUntil: minutes(1) })
      return { ...PERMITTED, validUntil: minutes(40) }
    }
    const { validUntil } = await decided(decide('patient/Observation.rs patient/Condition.r'))
    assert.deepEqual(validUntil, minutes(3))
    point.answer = () => undefined
    assert.equal((await decided(decide('patient/Observation.rs'))).validUntil, null)
  })

  test('end as soon as an obligation says', async () => {
    const { point, decide } = policyAt('enforce')
    const obligations = [{ id: 'm', type: 'max-age', properties: { seconds: 60 } }] as const
    point.answer = () => ({ ...PERMITTED, validUntil: minutes(9), obligations })
    assert.deepEqual((await decided(decide('patient/Observation.r'))).validUntil, minutes(1))
  })

  test('are not granted under an obligation that cannot be met here', async () => {
    const { point, decide } = policyAt('enforce')
    point.answer = () => ({ ...PERMITTED, obligations: [{ id: 'f', type: 'filter', properties: { labels: [] } }] })
    const { granted, withheld } = await decided(decide('openid patient/Observation.r'))
    assert.deepEqual(granted, ['openid'])
    assert.deepEqual(
      withheld.map(({ code }) => code),
      ['obligation-unknown'],
    )
  })

  test('are withheld where an answer is missing', async () => {
    const { policy, point } = policyAt('enforce')
    point.decideAll = async (asks) => asks.slice(0, 1).map(() => PERMITTED)
    const scopes = ['patient/Observation.rs']
    const verdict = await policy.decideScopes(ASKING, { asked: scopes, granted: scopes, withheld: [] })
    assert.ok(verdict.kind === 'decided')
    assert.deepEqual(verdict.granted, ['patient/Observation.r'])
  })

  for (const code of ['facts-unavailable', 'pdp-unavailable', 'rule-book-missing', 'clock-skew'])
    test(`are not decided at all under ${code}: nobody was told no`, async () => {
      const { point, decide, told, witnessed } = policyAt('enforce')
      point.answer = (ask) => (nameOfAsk(ask) === 'patient/Condition.s' ? denied(code) : undefined)
      assert.deepEqual(await decide('patient/Observation.r patient/Condition.rs'), { kind: 'unavailable', code })
      assert.deepEqual(told, [`policy-unavailable ${code}`])
      assert.deepEqual(witnessed, [])
    })

  test('are not granted when the decision cannot be written down', async () => {
    const { point } = policyAt('enforce')
    const failing = createIssuancePolicy({
      decisionPoint: point,
      stage: 'enforce',
      events: SILENT,
      witness: () => Promise.reject(new Error('the outbox is full')),
      now: () => NOW,
    })
    const scopes = ['patient/Observation.r']
    await assert.rejects(failing.decideScopes(ASKING, { asked: scopes, granted: scopes, withheld: [] }))
  })

  test('that are asked for again in part get the same verdicts', async () => {
    const { point, decide } = policyAt('enforce')
    point.answer = (ask) => (nameOfAsk(ask).endsWith('.s') ? denied('no-search') : undefined)
    const { narrow } = await decided(decide('openid patient/Observation.rs patient/Condition.rs'))
    assert.deepEqual(narrow(['patient/Condition.rs', 'openid']), ['patient/Condition.r', 'openid'])
    assert.deepEqual(narrow(['patient/Encounter.r']), [], 'what was never decided is not granted')
  })
})

describe('a trust that only watches', () => {
  test('grants everything, tells what would have been denied, and leaves no end behind', async () => {
    const { point, decide, told, witnessed } = policyAt('log-only')
    point.answer = () => denied('no-care-relation', { validUntil: minutes(1) })
    const verdict = await decided(decide('launch patient/Observation.rs'))
    assert.deepEqual(verdict.granted, ['launch', 'patient/Observation.rs'])
    assert.deepEqual(verdict.withheld, [])
    assert.equal(verdict.validUntil, null)
    assert.deepEqual(told, ['policy-would-deny no-care-relation'])
    assert.deepEqual(witnessed[0]?.granted, ['launch'])
    assert.equal(witnessed[0]?.enforced, false)
  })

  test('goes on when nobody can decide, and says so loudly', async () => {
    const { policy, point, decide, told } = policyAt('log-only')
    point.answer = () => denied('facts-unavailable')
    assert.deepEqual((await decided(decide('patient/Observation.r'))).granted, ['patient/Observation.r'])
    assert.deepEqual(await policy.mayLaunch(ASKING), { kind: 'permit' })
    assert.deepEqual(told, ['policy-unavailable facts-unavailable', 'policy-unavailable facts-unavailable'])
  })

  test('that switched policy off asks nobody', async () => {
    const { policy, point, decide } = policyAt('off')
    point.answer = () => denied('no')
    assert.deepEqual((await decided(decide('patient/Observation.r'))).granted, ['patient/Observation.r'])
    assert.deepEqual(await policy.mayLaunch(ASKING), { kind: 'permit' })
    assert.equal(point.calls, 0)
  })

  test('that switched policy off tells what was granted once, when it is granted', async () => {
    const { policy, witnessed } = policyAt('off')
    const scopes = { asked: ['launch'], granted: ['launch'], withheld: [] }
    for (const moment of ['authorize', 'token', 'refresh'] as const)
      await policy.decideScopes({ ...ASKING, moment }, scopes)
    assert.deepEqual(
      witnessed.map(({ moment }) => moment),
      ['authorize'],
    )
  })
})

describe('a launch', () => {
  test('is asked about by its app and its patient', async () => {
    const { policy, point } = policyAt('enforce')
    assert.deepEqual(await policy.mayLaunch({ ...ASKING, moment: 'launch' }), { kind: 'permit' })
    assert.deepEqual(point.asked[0]?.question, { action: 'launch', app: 'nutrition' })
    assert.equal(point.asked[0]?.circumstance.launchPatient, 'cdp1001')
  })

  test('without a patient is bound to none', async () => {
    const { policy, point } = policyAt('enforce')
    await policy.mayLaunch({ ...ASKING, asker: { ...ASKER, patient: null } })
    assert.equal(point.asked[0]?.circumstance.launchBound, false)
    assert.equal(point.asked[0]?.circumstance.launchPatient, null)
  })

  test('is denied with the answer of the rule book, and not at all when nobody could answer', async () => {
    const { policy, point } = policyAt('enforce')
    const answer = denied('no-care-relation')
    point.answer = () => answer
    assert.deepEqual(await policy.mayLaunch(ASKING), { kind: 'deny', answer })
    point.answer = () => denied('pdp-unavailable')
    assert.deepEqual(await policy.mayLaunch(ASKING), { kind: 'unavailable', code: 'pdp-unavailable' })
  })
})
