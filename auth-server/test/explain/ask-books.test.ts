import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { OWN_RULES } from '@uthopp/policy/rule-book'
import { createAskBooks } from '#src/explain/ask-books.ts'
import { ASK, FACTS, later, NOW } from './case.ts'

const NOBODY_OPENS = `@reason_code("closed")
@deny_no("Stengt.")
@deny_en("closed for everybody")
forbid (principal, action == Ehr::Action::"launch", resource);`
const whatIf = { kind: 'what-if', folder: OWN_RULES, change: null, facts: FACTS, asks: [ASK], at: NOW } as const

describe('asking rule books beside the one that decides', () => {
  const askBooks = createAskBooks()

  test('answers for the serving book and for a candidate, side by side', async () => {
    const { serving, candidate } = await askBooks({
      ...whatIf,
      change: new Map([['launch-guard-closed', NOBODY_OPENS]]),
    })
    assert.ok('answers' in serving, JSON.stringify(serving))
    assert.ok(candidate !== null && 'answers' in candidate, JSON.stringify(candidate))
    assert.equal(serving.answers[0]?.effect, 'permit')
    assert.deepEqual(serving.answers[0]?.rules, ['launch-decision'])
    assert.equal(candidate.answers[0]?.effect, 'deny')
    assert.equal(candidate.answers[0]?.reasonCode, 'closed')
    assert.notEqual(serving.version, candidate.version)
  })

  test('answers for another time: what has ended by then is not leant on', async () => {
    const at = later(2)
    const { serving } = await askBooks({ ...whatIf, at, facts: { ...FACTS, at } })
    assert.ok('answers' in serving)
    assert.equal(serving.answers[0]?.effect, 'deny')
  })

  test('refuses a candidate with a single fault, and says which', async () => {
    for (const [rule, reason] of [
      ['permit (principal, action, resource) when { nonsense };', /launch-guard-closed|parse/],
      [NOBODY_OPENS.replace('@reason_code("closed")', ''), /reason_code/],
    ] as const) {
      const { serving, candidate } = await askBooks({ ...whatIf, change: new Map([['launch-guard-closed', rule]]) })
      assert.ok('answers' in serving)
      assert.ok(candidate !== null && 'problem' in candidate)
      assert.match(candidate.problem, reason)
    }
  })

  test('puts stored cases again, and leaves alone what never was one', async () => {
    const { serving } = await askBooks(whatIf)
    assert.ok('answers' in serving)
    const trace: unknown = JSON.parse(JSON.stringify(serving.answers[0]?.trace))
    const traces = [trace, { fault: 'facts-unavailable' }, null]
    const { book: same } = await askBooks({ kind: 'replay', folder: OWN_RULES, change: null, traces })
    assert.ok('verdicts' in same, JSON.stringify(same))
    assert.deepEqual(same.verdicts, [{ effect: 'permit', rules: ['launch-decision'] }, null, null])
    const change = new Map([['launch-guard-closed', NOBODY_OPENS]])
    const { book: other } = await askBooks({ kind: 'replay', folder: OWN_RULES, change, traces })
    assert.ok('verdicts' in other)
    assert.deepEqual(other.verdicts[0], { effect: 'deny', rules: ['launch-guard-closed'] })
  })

  test('tells the rules that serve', async () => {
    const { book } = await askBooks({ kind: 'rules', folder: OWN_RULES })
    assert.ok('rules' in book)
    assert.match(new Map(book.rules).get('launch-decision') ?? '', /permit/)
  })

  test('does one thing after the other, and takes no more than it can do soon', async () => {
    const many = Array.from({ length: 6 }, () => askBooks({ kind: 'rules', folder: '/nowhere' }))
    const settled = await Promise.allSettled(many)
    assert.deepEqual(
      settled.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected'],
    )
    for (const one of settled) if (one.status === 'rejected') assert.equal(one.reason.code, 'temporarily_unavailable')
    assert.ok('problem' in (await askBooks({ kind: 'rules', folder: '/nowhere' })).book, 'and then serves again')
  })

  test('says what is wrong with a book that is not there', async () => {
    const { book } = await askBooks({ kind: 'rules', folder: '/nowhere' })
    assert.ok('problem' in book)
  })
})
