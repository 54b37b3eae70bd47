import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decideInteraction } from '@uthopp/smart-core/access'
import { parseScopeSet } from '@uthopp/smart-core/scope/scope-set'
import types from '../../smart-core/src/r4/resource-types.json' with { type: 'json' }
import { createDecisionPoint } from '#src/in-process.ts'
import { OWN_RULES } from '#src/rules/rule-book.ts'
import { type CorpusCase, CORPUS_TIME, toAsk } from './corpus.ts'
import { named } from './decision-point.contract.ts'

/** Of all types, those that scopes let no app write, however wide they are. */
const ofScopes = types.filter((type) => {
  const access = {
    subject: 'stf101',
    clientId: 'nutrition',
    tenant: '993467049',
    scopes: parseScopeSet('user/*.cruds system/*.cruds').scopes,
    expiresAt: CORPUS_TIME,
  }
  const decision = decideInteraction(access, { verb: 'create', type })
  return decision.effect === 'deny' && decision.rule === 'evidence-not-writable'
})

/** Cases that are refused because of their type alone. */
const CASES: readonly (readonly [id: string, rule: string])[] = [
  ['no-provenance-by-apps', 'guard-evidence-write'],
  ['issue-create-audit', 'issue-guard-evidence'],
  ['service-no-provenance', 'backend-guard-evidence'],
  ['service-issue-audit-write', 'backend-issue-guard-write'],
]

for (const [id, rule] of CASES)
  test(`${rule} keeps from writing what scopes keep from writing, and no other type`, async () => {
    const row = named(id)
    const of = (type: string): CorpusCase => ({ ...row, ask: { ...row.ask, type } })
    const point = createDecisionPoint({
      facts: { read: () => Promise.resolve(toAsk(row).facts) },
      rules: OWN_RULES,
      now: () => CORPUS_TIME,
      log: () => {},
    })
    const answers = await point.decideAll(types.map((type) => toAsk(of(type)).ask))
    await point.close()
    assert.deepEqual(
      types.filter((_, at) => answers[at]?.rules.includes(rule)),
      ofScopes,
    )
    assert.equal(ofScopes.length, 5)
  })
