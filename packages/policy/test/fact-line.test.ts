import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isProblem } from '@uthopp/smart-core/problem'
import { parseFactLine } from '#src/fact-line.ts'

describe('a line of the fact stream', () => {
  test('names what is different, or says that nothing is', () => {
    assert.deepEqual(parseFactLine('{"kind":"patient","id":"cdp1001","epoch":"e.7","sequence":"e.7"}'), {
      sequence: 'e.7',
      event: { kind: 'patient', id: 'cdp1001' },
    })
    assert.deepEqual(parseFactLine('{"kind":"user","id":"stf101","sequence":"e.8"}'), {
      sequence: 'e.8',
      event: { kind: 'user', id: 'stf101' },
    })
    assert.deepEqual(parseFactLine('{"kind":"heartbeat","sequence":"e.8"}'), { sequence: 'e.8', event: 'heartbeat' })
  })

  test('that is not understood is a problem, never nothing', () => {
    for (const text of [
      '',
      'null',
      '[]',
      '{"kind":"patient","sequence":"e.1"}',
      '{"kind":"patient","id":"","sequence":"e.1"}',
      '{"kind":"patient","id":7,"sequence":"e.1"}',
      '{"kind":"block","id":"x","sequence":"e.1"}',
      '{"kind":"heartbeat"}',
      '{"kind":"heartbeat","sequence":1}',
    ])
      assert.ok(isProblem(parseFactLine(text)), text)
  })
})
