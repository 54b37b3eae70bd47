import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Ask } from '#src/decision-point.ts'
import type { CaseFacts, FactsAsked } from '#src/facts.ts'
import { createDecisionPoint } from '#src/in-process.ts'
import { OWN_RULES } from '#src/rules/rule-book.ts'
import { CORPUS_TIME, PATIENT, toAsk } from './corpus.ts'
import { named } from './decision-point.contract.ts'

const { ask, facts } = toAsk(named('team-reads-unlabelled'))
const [patient] = facts.patients.values()
assert.ok(patient)
const own = patient
let known: CaseFacts = facts
let time = CORPUS_TIME.getTime()
const reads: FactsAsked[] = []
const options = {
  facts: {
    read: (asked: FactsAsked) => {
      reads.push(asked)
      return Promise.resolve(known)
    },
  },
  rules: OWN_RULES,
  now: () => new Date(time),
  log: () => {},
}
const alone = createDecisionPoint(options)
const threaded = createDecisionPoint({ ...options, workers: 1 })
after(() => Promise.all([alone.close(), threaded.close()]))

function row(id: string, about: string = PATIENT, type = 'Observation'): Ask {
  assert.ok('resource' in ask.question)
  const resource = { ...ask.question.resource, id, type, patient: about }
  return {
    ...ask,
    circumstance: { ...ask.circumstance, launchBound: false, launchPatient: null, grants: [`${type}.r`] },
    question: { ...ask.question, resource },
  }
}
const many = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `o${index}`)

test('a batch loads the facts once, for all the patients it names', async () => {
  reads.length = 0
  await alone.decideAll([row('a'), row('b', 'pas2'), row('c', 'pas3'), row('d')])
  assert.deepEqual(
    reads.map(({ patients }) => patients),
    [[PATIENT, 'pas2', 'pas3']],
  )
})

test('more patients than the host answers for at a time are asked about in turns', async () => {
  reads.length = 0
  const answers = await alone.decideAll(many(450).map((id) => row(id, `p-${id}`)))
  assert.deepEqual(
    reads.map(({ patients }) => patients.length),
    [200, 200, 50],
  )
  assert.ok(answers.every(({ effect }) => effect === 'deny'))
})

test('questions of different people share nothing', async () => {
  reads.length = 0
  const other: Ask = { ...row('a'), subject: { kind: 'clinician', id: 'stf101', role: 'agb101' } }
  const answers = await alone.decideAll([row('a'), other, row('b')])
  assert.equal(reads.length, 3)
  assert.deepEqual(
    answers.map(({ reasonCode }) => reasonCode),
    ['care-relation', 'facts-contradictory', 'care-relation'],
  )
})

test('threads answer as one thread does', async () => {
  await threaded.decide(row('warm'))
  const types = [
    'Observation',
    'Condition',
    'Encounter',
    'Procedure',
    'CarePlan',
    'Goal',
    'Task',
    'Flag',
    'Device',
    'Media',
    'Binary',
    'Account',
  ]
  const asks = types.flatMap((type) => [row('a', PATIENT, type), row('b', 'pas2', type)])
  const plain = (answers: Awaited<ReturnType<typeof alone.decideAll>>) =>
    answers.map((answer) => ({ ...answer, decisionId: '' }))
  assert.deepEqual(plain(await threaded.decideAll(asks)), plain(await alone.decideAll(asks)))
})

test('a permit is remembered no longer than four seconds, nor past the end of what it leans on', async () => {
  const { ask: leaning, facts: held } = toAsk(named('blaalys-by-purpose'))
  known = held
  assert.equal((await alone.decide(leaning)).effect, 'permit')
  time = CORPUS_TIME.getTime() + 59 * 60_000 + 59_999
  assert.equal((await alone.decide(leaning)).effect, 'permit')
  time += 1
  assert.deepEqual((({ effect, reasonCode }) => [effect, reasonCode])(await alone.decide(leaning)), [
    'deny',
    'purpose-not-held',
  ])
  time = CORPUS_TIME.getTime()
  known = facts
})

test('a new block, another epoch, a lost role or licence is not hidden by a permit remembered', async () => {
  const asked = row('a')
  assert.equal((await alone.decide(asked)).effect, 'permit')
  const block = { id: 's', kind: 'document', target: 'Observation/a' } as const
  const worse: readonly CaseFacts[] = [
    { ...facts, patients: new Map([[PATIENT, { ...own, epoch: '2', blocks: [block] }]]) },
    { ...facts, patients: new Map([[PATIENT, { ...own, inCareTeam: false }]]) },
    { ...facts, person: facts.person && { ...facts.person, employed: false } },
    { ...facts, person: facts.person && { ...facts.person, role: null } },
    { ...facts, person: null },
  ]
  for (const each of worse) {
    known = each
    assert.equal((await alone.decide(asked)).effect, 'deny')
  }
  known = facts
  assert.equal((await alone.decide(asked)).effect, 'permit')
})

test('a block on one row stays on that row', async () => {
  known = {
    ...facts,
    patients: new Map([[PATIENT, { ...own, blocks: [{ id: 's', kind: 'document', target: 'Observation/o7' }] }]]),
  }
  const answers = await alone.decideAll(many(20).map((id) => row(id)))
  known = facts
  assert.deepEqual(
    answers.flatMap(({ effect }, index) => (effect === 'deny' ? [index] : [])),
    [7],
  )
})

test('other timers get their turn during a large batch', async () => {
  let turns = 0
  const timer = setInterval(() => (turns += 1), 1)
  const letters = Array.from('abcdefghijklmnopqrst')
  const types = letters.flatMap((one) => letters.map((other) => `Type${one}${other}`))
  await alone.decideAll(types.map((type) => row('a', PATIENT, type)))
  clearInterval(timer)
  assert.ok(turns >= 3, String(turns))
})

test('a permit that is passed on says how long it still holds, not how long it did at first', async () => {
  const asked = row('aged')
  const seconds = async (): Promise<unknown> =>
    (await alone.decide(asked)).obligations.find(({ type }) => type === 'max-age')?.properties['seconds']
  time = CORPUS_TIME.getTime() + 20_000
  assert.equal(await seconds(), 4)
  time += 1500
  assert.equal(await seconds(), 2)
  time += 2499
  assert.equal(await seconds(), 0)
  time += 1
  assert.equal(await seconds(), 4)
  time = CORPUS_TIME.getTime()
})

test('blocked rows that the lifted block does not name are one case, whoever they are', async () => {
  const { ask: lifted, facts: blocked } = toAsk(named('glass-opens-record-block-item'))
  known = blocked
  const { question } = lifted
  assert.ok('resource' in question)
  const ids = ['dok1', ...many(30)]
  const asks = ids.map((id) => ({ ...lifted, question: { ...question, resource: { ...question.resource, id } } }))
  const answers = await alone.decideAll(asks)
  known = facts
  assert.deepEqual(
    answers.map(({ effect }) => effect),
    ids.map((id) => (id === 'dok1' ? 'permit' : 'deny')),
  )
  assert.equal(new Set(answers.slice(1).map(({ trace }) => trace.context['item'])).size, 1)
  assert.deepEqual(
    answers.map(({ trace }) => trace.resource),
    ids.map((id) => `DocumentReference/${id}`),
  )
})
