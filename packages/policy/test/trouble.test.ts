import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CaseFacts, FactsUnavailable } from '#src/facts.ts'
import { createDecisionPoint } from '#src/in-process.ts'
import { REASONS, textOf } from '#src/answer/reasons.ts'
import { isTrouble } from '#src/answer/trouble.ts'
import { OWN_RULES } from '#src/rules/rule-book.ts'
import { CORPUS_TIME, toAsk } from './corpus.ts'
import { named } from './decision-point.contract.ts'

const { ask, facts } = toAsk(named('team-reads-unlabelled'))

async function reasonFor(read: () => Promise<CaseFacts>): Promise<readonly [string, string, readonly string[]]> {
  const logged: string[] = []
  const point = createDecisionPoint({
    facts: { read },
    rules: OWN_RULES,
    now: () => CORPUS_TIME,
    log: (event) => void logged.push(event.event),
  })
  const { effect, reasonCode } = await point.decide(ask)
  await point.close()
  return [effect, reasonCode, logged]
}

test('trouble of each kind denies with a code of its own, and is logged', async () => {
  assert.deepEqual(await reasonFor(() => Promise.reject(new FactsUnavailable('late'))), [
    'deny',
    'facts-unavailable',
    ['rules-loaded', 'facts-failed'],
  ])
  assert.deepEqual(
    (await reasonFor(() => Promise.reject(new FactsUnavailable('skew', { code: 'clock-skew' })))).slice(0, 2),
    ['deny', 'clock-skew'],
  )
  assert.deepEqual((await reasonFor(() => Promise.reject(new TypeError('bug')))).slice(0, 2), [
    'deny',
    'facts-unavailable',
  ])
})

test('facts about somebody else than asked for are contradictory, whatever they would allow', async () => {
  const { person } = facts
  assert.ok(person)
  const wrong: readonly CaseFacts[] = [
    { ...facts, person: { ...person, user: 'stf999' } },
    { ...facts, person: { ...person, kind: 'citizen' } },
    { ...facts, person: { ...person, role: person.role && { ...person.role, id: 'agb999' } } },
    { ...facts, person: { ...person, role: person.role && { ...person.role, unit: 'lok999' } } },
    {
      ...facts,
      patients: new Map(
        [...facts.patients.values()].map((patient) => ['pas1', { ...patient, patient: 'pas2' }] as const),
      ),
    },
  ]
  for (const each of wrong)
    assert.deepEqual((await reasonFor(() => Promise.resolve(each))).slice(0, 2), ['deny', 'facts-contradictory'])
})

test('every reason has a sentence in both languages that names nobody', () => {
  for (const code of Object.keys(REASONS)) {
    const { nb, en } = textOf(code as Parameters<typeof textOf>[0]) // the list is of these codes
    assert.ok(nb.endsWith('.') && nb.length > 10 && en.length > 5, code)
  }
})

test('a denial for trouble is told from an answer, and a permit is never trouble', () => {
  const ours = Object.keys(REASONS).filter((reasonCode) => isTrouble({ effect: 'deny', reasonCode }))
  assert.deepEqual(ours, [
    'facts-unavailable',
    'pdp-unavailable',
    'rule-error',
    'rule-book-missing',
    'clock-skew',
    'facts-contradictory',
  ])
  assert.equal(isTrouble({ effect: 'permit', reasonCode: 'facts-unavailable' }), false)
})
