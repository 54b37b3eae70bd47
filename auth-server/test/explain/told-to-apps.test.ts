import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type AuditRecord, newRecord } from '@uthopp/audit/record'
import { safeEntries } from '#src/explain/explanation.ts'

const AT = new Date('2026-11-20T12:00:00Z')
const CORRELATION = 'c'.repeat(32)

type Given = Omit<Partial<Parameters<typeof newRecord>[0]>, 'activity'> & Pick<AuditRecord, 'activity'>

const recordOf = (given: Given): AuditRecord =>
  newRecord({
    tenant: '993467049',
    at: AT,
    actor: { kind: 'clinician', id: 'stf101', role: 'agb101' },
    clientId: 'pacs-viewer',
    correlationId: CORRELATION,
    source: 'gateway',
    ...given,
  })

const whatOf = (interaction: string, ids: readonly string[] = []) => ({
  interaction,
  type: 'Observation',
  ids,
  count: ids.length,
  query: null,
})
const denial = (reasonCode: string) => ({
  decisionId: 'd1',
  version: 'v1',
  effect: 'deny' as const,
  rules: ['guard-blocked'],
  reasonCode,
  trace: {},
})
/** As the gateway writes them: what was denied, and what came of the whole. */
const withheld = (reasonCode: string, interaction: string, ids: readonly string[]) =>
  recordOf({
    activity: 'fhir-refused',
    outcome: 'refused',
    patient: 'cdp1007',
    what: whatOf(interaction, ids),
    policy: denial(reasonCode),
    detail: { code: reasonCode, enforced: true, reasonNb: 'Sperret.', reasonEn: 'blocked' },
  })
const found = (interaction: string, ids: readonly string[] = []) =>
  recordOf({ activity: 'fhir-access', patient: 'cdp1007', what: whatOf(interaction, ids) })
const refused = (interaction: string, status: number) =>
  recordOf({
    activity: 'fhir-refused',
    outcome: 'refused',
    patient: 'cdp1007',
    what: whatOf(interaction),
    detail: { code: 'not-found', status },
  })

const told = (...records: readonly AuditRecord[]): string => JSON.stringify(safeEntries(records))

/** All the codes a withheld resource can have, those an app may hear of otherwise among them. */
const CODES = [
  'blocked-document',
  'no-care-relation',
  'external-app-too-weak',
  'evidence-read-only',
  'facts-unavailable',
]

describe('what an app is told of a request for data', () => {
  test('is byte for byte the same of a search that hid something and of one that found nothing (CE-37, CE-44)', () => {
    const nothing = told(found('search-type'))
    for (const code of CODES) {
      assert.equal(told(withheld(code, 'search-type', ['Observation/obs1007-1'])), nothing, code)
      assert.equal(
        told(withheld(code, 'search-type', ['Observation/obs1007-1']), found('search-type', ['Observation/2'])),
        nothing,
        code,
      )
    }
  })

  test('is byte for byte the same of a blocked resource, one that never was, and one that was shown', () => {
    for (const interaction of ['read', 'vread', 'update', 'delete', 'history-instance']) {
      const unknown = told(refused(interaction, 404))
      for (const code of CODES)
        assert.equal(told(withheld(code, interaction, ['DocumentReference/dok1007-1'])), unknown, interaction)
      assert.equal(told(found(interaction, ['Observation/1'])), unknown)
    }
  })

  test('has no word of a trust that only watches: what would have been withheld was shown like everything else', () => {
    const watched = recordOf({
      activity: 'fhir-access',
      what: whatOf('search-type'),
      policy: denial('external-app-too-weak'),
      detail: { code: 'external-app-too-weak', enforced: false, reasonNb: 'a', reasonEn: 'b' },
    })
    assert.equal(told(watched), told(found('search-type')))
  })

  test('has a reason where the whole request was refused because of the app, and none where one of several was', () => {
    const asWhole = safeEntries([withheld('writing-not-approved', 'create', [])])
    assert.deepEqual(asWhole, [
      {
        at: AT.toISOString(),
        activity: 'fhir-access',
        outcome: 'refused',
        enforced: true,
        reason: { code: 'writing-not-approved', text: { nb: 'Sperret.', en: 'blocked' } },
      },
    ])
    assert.equal(told(withheld('blocked-document', 'read', [])), told(refused('read', 404)))
    assert.equal(told(withheld('writing-not-approved', 'batch', [])), told(found('batch')))
  })

  test('is one entry for each request, in order', () => {
    const other = recordOf({ activity: 'imaging-refused', correlationId: 'd'.repeat(32), outcome: 'refused' })
    const entries = safeEntries([withheld('blocked-document', 'search-type', ['A/1']), other, found('search-type')])
    assert.deepEqual(
      entries.map(({ activity, outcome }) => [activity, outcome]),
      [
        ['fhir-access', 'answered'],
        ['imaging-access', 'answered'],
      ],
    )
  })
})
