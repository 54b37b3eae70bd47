import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { formatRecord, parseRecord } from '@uthopp/audit/wire'
import { isProblem } from '@uthopp/smart-core/problem'
import { recordsOf } from '#src/policy/audit-records.ts'
import type { IssuanceRecord } from '#src/policy/witness.ts'
import { denied, PERMITTED } from './in-test-point.ts'

const AT = new Date('2026-11-20T12:00:00.000Z')
const RECORD: IssuanceRecord = {
  moment: 'authorize',
  asker: {
    tenant: '993467049',
    kind: 'clinician',
    user: 'stf101',
    role: 'agb101',
    patient: 'cdp1001',
    acr: 3,
    purpose: 'TREAT',
    decision: 'tilsyn-1',
  },
  clientId: 'nutrition',
  correlationId: 'a'.repeat(32),
  launchId: 'launch-1',
  grantId: null,
  asked: ['launch', 'patient/Observation.rs', 'patient/Condition.r'],
  granted: ['launch', 'patient/Observation.r'],
  withheld: [
    { scope: 'patient/Observation.s', code: 'no-search', reason: 'no', rules: [] },
    { scope: 'patient/Condition.r', code: 'role-not-entitled', reason: 'no', rules: [] },
  ],
  answers: new Map([
    ['patient/Observation.r', PERMITTED],
    ['patient/Observation.s', denied('no-search')],
    ['patient/Condition.r', denied('role-not-entitled')],
  ]),
  enforced: true,
}

describe('what is written down of a decision about scopes', () => {
  test('is one record for each reason, denials first, and the first has the scopes', () => {
    const records = recordsOf(RECORD, AT)
    assert.deepEqual(
      records.map(({ policy, outcome, activity }) => [activity, outcome, policy?.effect, policy?.reasonCode]),
      [
        ['scope-decided', 'ok', 'deny', 'no-search'],
        ['scope-decided', 'ok', 'deny', 'role-not-entitled'],
        ['scope-decided', 'ok', 'permit', 'permitted'],
      ],
    )
    assert.deepEqual(records[0]?.detail, {
      moment: 'authorize',
      enforced: true,
      asked: RECORD.asked,
      granted: RECORD.granted,
      withheld: ['patient/Observation.s no-search', 'patient/Condition.r role-not-entitled'],
      letters: [
        'patient/Observation.r permit permitted issue-read',
        'patient/Observation.s deny no-search rule-no-search',
        'patient/Condition.r deny role-not-entitled rule-role-not-entitled',
      ],
      reasonNb: 'Avslått: no-search.',
      reasonEn: 'this is refused by no-search',
    })
    assert.deepEqual(Object.keys(records[1]?.detail ?? {}), ['moment', 'enforced', 'reasonNb', 'reasonEn'])
    for (const record of records) {
      assert.equal(record.patient, 'cdp1001')
      assert.equal(record.decision?.id, 'tilsyn-1')
      assert.ok(record.policy?.trace)
    }
  })

  test('says that a launch came to nothing, at the offer and at authorize', () => {
    const offer = recordsOf(
      {
        ...RECORD,
        moment: 'launch',
        asked: [],
        granted: [],
        withheld: [],
        answers: new Map([['launch', denied('no')]]),
      },
      AT,
    )
    assert.deepEqual(
      offer.map(({ activity, outcome }) => [activity, outcome]),
      [['launch-refused', 'refused']],
    )
    const [authorize] = recordsOf({ ...RECORD, granted: ['launch'] }, AT)
    assert.equal(authorize?.outcome, 'refused')
    const [watched] = recordsOf({ ...RECORD, granted: ['launch'], enforced: false }, AT)
    assert.equal(watched?.outcome, 'ok', 'nothing was refused where policy is only watched')
  })

  test('is always something the log takes, whatever a host or an app wrote', () => {
    const hostile: IssuanceRecord = {
      ...RECORD,
      asker: { ...RECORD.asker, purpose: 'because I want to', decision: 'a b' },
      asked: [
        'patient/Observation.rs?code=13116900216',
        `https://a.example/${'x'.repeat(900)}`,
        ...Array(300).fill('x'),
      ],
    }
    for (const record of recordsOf(hostile, AT)) {
      const read = parseRecord(JSON.parse(JSON.stringify(formatRecord(record))))
      assert.ok(!isProblem(read), isProblem(read) ? read.reason : '')
      assert.equal(record.purpose, null)
      assert.equal(record.decision, null)
      assert.doesNotMatch(JSON.stringify(record.detail), /13116900216/)
    }
  })

  test('is one record where nothing had to be asked', () => {
    const records = recordsOf({ ...RECORD, answers: new Map(), withheld: [] }, AT)
    assert.equal(records.length, 1)
    assert.equal(records[0]?.policy, null)
  })
})
