import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measureDecisions } from './measure-decisions.ts'
import { measureTurns } from './measure-turns.ts'

test('a decision by the whole book costs at most 25 times one rule with nothing to ask', async (t) => {
  const costs = await measureDecisions(80)
  for (const [name, ms] of Object.entries(costs)) t.diagnostic(`${name} ${ms.toFixed(3)} ms`)
  // Ratios only: how fast a machine is says nothing about the rules.
  assert.ok(costs.rules / costs.floor <= 25, `${costs.rules} against ${costs.floor}`)
  assert.ok(costs.rows / costs.decision <= 25, `${costs.rows} against ${costs.decision}`)
})

test('a page of different cases does not keep everything else waiting', async (t) => {
  const { longest, usual } = await measureTurns(20)
  t.diagnostic(`longest ${longest.toFixed(1)} ms, usually ${usual.toFixed(1)} ms`)
  // The median: collecting garbage is nobody's turn.
  assert.ok(usual <= 20, `${usual} ms`)
})
