import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measureScale } from './measure-scale.ts'

test('many trusts, patients and people make a decision from the host’s facts no different, and hardly dearer', async (t) => {
  const { few, many } = await measureScale(12, { trusts: 3, patients: 300, users: 1000 })
  t.diagnostic(JSON.stringify({ few, many }))
  // Whatever reads a whole table would cost a hundred times as much; the bench holds it to a quarter.
  assert.ok(many.firstDecision <= few.firstDecision * 3, `${many.firstDecision} against ${few.firstDecision}`)
})
