import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createDecisionPoint } from '@uthopp/policy/in-process'
import { OWN_RULES } from '@uthopp/policy/rule-book'
import { createDifferences } from '#src/explain/differences.ts'
import { ASK, FACTS, NOW } from './case.ts'

describe('what would have had to be different', () => {
  test('is found by the rules themselves, from what was written down', async () => {
    const stranger = { ...FACTS, patients: new Map() }
    const point = createDecisionPoint({
      facts: { read: async () => stranger },
      rules: OWN_RULES,
      now: () => NOW,
      log: () => undefined,
    })
    const { effect, reasonCode, rules, decisionId, policyVersion: version, trace } = await point.decide(ASK)
    await point.close()
    assert.equal(effect, 'deny')
    const stored: unknown = JSON.parse(JSON.stringify(trace))
    const differences = createDifferences(OWN_RULES)
    // While the rules are still being read it is done without after some seconds, and asked again here.
    let found: Awaited<ReturnType<typeof differences>> = null
    for (let asked = 0; asked < 10 && found === null; asked += 1)
      found = await differences({ decisionId, version, effect, rules, reasonCode, trace: stored })
    const facts = JSON.stringify(found)
    assert.match(facts, /inCareTeam/)
    assert.match(facts, /TILSYN/)
  })

  test('is nothing for what never was a case', async () => {
    const differences = createDifferences(OWN_RULES)
    const policy = {
      decisionId: 'd',
      version: 'v',
      effect: 'deny',
      rules: [],
      reasonCode: 'facts-unavailable',
    } as const
    for (const trace of [null, 'x', {}, { action: 'a', principal: 'b', context: {} }]) {
      let found: Awaited<ReturnType<typeof differences>> = null
      for (let asked = 0; asked < 10 && found === null; asked += 1) found = await differences({ ...policy, trace })
      assert.deepEqual(found, [])
    }
  })
})
