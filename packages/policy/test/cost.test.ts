import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measureDecisions } from './measure-decisions.ts'

test('a decision by the whole book costs at most 25 times one rule with nothing to ask', async (t) => {
  const costs = await measureDecisions(80)
  for (const [name, ms] of Object.entries(costs)) t.diagnostic(`${name} ${ms.toFixed(3)} ms`)
  // Ratios only: how fast a machine is says nothing about the rules.
  assert.ok(costs.rules / costs.floor <= 25, `${costs.rules} against ${costs.floor}`)
  assert.ok(costs.rows / costs.decision <= 25, `${costs.rows} against ${costs.decision}`)
})
