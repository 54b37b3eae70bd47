import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { FactsUnavailable } from '#src/facts.ts'
import { createDecisionPoint } from '#src/in-process.ts'
import { OWN_RULES } from '#src/rules/rule-book.ts'
import { type CorpusCase, corpus, CORPUS_TIME, toAsk } from './corpus.ts'
import { named } from './decision-point.contract.ts'
import { changingSource } from './source-of.ts'

const source = changingSource()
const point = createDecisionPoint({ facts: source, rules: OWN_RULES, now: () => CORPUS_TIME, log: () => {} })
after(() => point.close())

const blockableIn = (row: CorpusCase) => {
  const { ask, facts } = toAsk(row)
  source.facts = facts
  return point.blockable(ask)
}

test('wherever somebody is told of a block it would have been looked for', async () => {
  let told = 0
  for (const row of corpus) {
    const { ask, facts } = toAsk(row)
    source.facts = facts
    if (!('resource' in ask.question)) continue
    const { obligations } = await point.decide(ask)
    if (!obligations.some(({ type }) => type === 'banner')) continue
    told += 1
    const blockable = await point.blockable(ask)
    const { type, id, labels } = ask.question.resource
    const isFound =
      blockable === 'anything' ||
      (blockable !== 'nothing' &&
        (blockable.names.includes(`${type}/${id}`) ||
          labels.some((label) => label.startsWith(`${blockable.labelSystem}|`))))
    assert.ok(isFound, `${row.id}: ${JSON.stringify(blockable)}`)
  }
  assert.ok(told > 2)
})

const clinician = named('team-reads-unlabelled')
const physician: CorpusCase = { ...clinician, who: 'physician' }
const blocked = (...blocks: NonNullable<NonNullable<CorpusCase['facts']>['blocks']>): CorpusCase => ({
  ...physician,
  facts: { ...physician.facts, blocks },
})

test('names tell it all of documents alone, and of others where they do not concern who asks', async () => {
  const labelSystem = 'urn:oid:2.16.578.1.12.4.1.1.9603'
  assert.deepEqual(await blockableIn(physician), { names: [], labelSystem })
  const elsewhere = [
    { kind: 'employee', target: 'somebody-else' },
    { kind: 'profession', target: 'XX' },
  ] as const
  assert.deepEqual(await blockableIn(blocked({ kind: 'document', target: 'DocumentReference/d1' }, ...elsewhere)), {
    names: ['DocumentReference/d1'],
    labelSystem,
  })
  const { ask, facts } = toAsk(physician)
  const own = [
    { kind: 'record', target: '' },
    { kind: 'unit', target: 'some-unit' },
    { kind: 'employee', target: ask.subject.id },
    { kind: 'profession', target: facts.person?.licence?.profession ?? '' },
  ] as const
  for (const block of own) assert.equal(await blockableIn(blocked(block)), 'anything', block.kind)
})

test('who cannot lift a block is not looked for, and without facts everything is', async () => {
  assert.equal(await blockableIn({ ...clinician, who: 'nurse' }), 'nothing')
  assert.equal(await blockableIn({ ...physician, circumstance: { acr: 3 } }), 'nothing')
  const failing = createDecisionPoint({
    facts: { read: () => Promise.reject(new FactsUnavailable('the host is away')) },
    rules: OWN_RULES,
    now: () => CORPUS_TIME,
    log: () => {},
  })
  assert.equal(await failing.blockable(toAsk(physician).ask), 'anything')
  await failing.close()
})
