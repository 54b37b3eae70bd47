import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isProblem } from '@uthopp/smart-core/problem'
import { RECORD_ID, newRecordId } from '#src/record-id.ts'
import { formatRecord, parseRecord } from '#src/wire.ts'
import { aRecord } from '#test/records.ts'

const wire = (change: Readonly<Record<string, unknown>> = {}) => ({ ...formatRecord(aRecord()), ...change })

describe('the wire form of a record', () => {
  test('read back is the record that was written', () => {
    for (const record of [aRecord(), aRecord({ decision: null, what: null, policy: null, patient: null, detail: {} })])
      assert.deepEqual(parseRecord(JSON.parse(JSON.stringify(formatRecord(record)))), record)
  })

  test('tells of an answer for which no rule book was to be had', () => {
    const { policy } = aRecord()
    assert.ok(policy)
    const record = aRecord({ policy: { ...policy, version: '', rules: [], reasonCode: 'pdp-unavailable' } })
    assert.deepEqual(parseRecord(JSON.parse(JSON.stringify(formatRecord(record)))), record)
  })

  const refused: readonly (readonly [string, unknown])[] = [
    ['an unknown member', { ...wire(), name: 'Solveig' }],
    ['an activity nobody defined', wire({ activity: 'looked' })],
    ['an id that is no UUID of version 7', wire({ id: '0af76519-16cd-43dd-8448-eb211c80319c' })],
    ['a moment without a zone', wire({ at: '2026-11-20T08:00:00' })],
    ['the values of a search', wire({ what: { ...aRecord().what, query: 'name=berg' } })],
    ['a national id as patient', wire({ patient: '19854349034' })],
    ['a national id in a detail', wire({ detail: { note: 'fnr 19854349034' } })],
    ['a national id as actor', wire({ actor: { kind: 'citizen', id: '19854349034', role: null } })],
    ['an object in a detail', wire({ detail: { deep: { er: 1 } } })],
    ['a trace without end', wire({ policy: { ...(wire()['policy'] as object), trace: 'x'.repeat(70_000) } })],
    ['a national id as rule book', wire({ policy: { ...(wire()['policy'] as object), version: '19854349034' } })],
    ['a source nobody is', wire({ source: 'launcher' })],
    ['a list', [wire()]],
    ['a tenant that is no organisation number', wire({ tenant: '99346704' })],
  ]
  for (const [what, json] of refused)
    test(`${what} is refused`, () => assert.ok(isProblem(parseRecord(JSON.parse(JSON.stringify(json))))))

  test('a missing member is refused, whichever it is', () => {
    for (const name of Object.keys(wire())) {
      const { [name as keyof ReturnType<typeof wire>]: _, ...rest } = wire()
      assert.ok(isProblem(parseRecord(rest)), name)
    }
  })
})

describe('the id of a record', () => {
  test('is a UUID of version 7 that sorts by time', () => {
    const ids = [1, 2, 3].map((second) => newRecordId(new Date(Date.UTC(2026, 0, 1, 0, 0, second))))
    assert.ok(ids.every((id) => RECORD_ID.test(id)))
    assert.deepEqual(ids.toSorted(), ids)
  })
})

describe('what may stand in a record', () => {
  test('are ids that hold eleven digits by chance', () => {
    for (const correlationId of ['0af12345678901cd43dd8448eb211c80', '1.2.826.0.1.12345678901.9'])
      assert.ok(!isProblem(parseRecord(wire({ correlation_id: correlationId }))), correlationId)
  })
})
