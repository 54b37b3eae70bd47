import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFactCache } from '#src/fact-cache.ts'
import { type CaseFacts, type FactsAsked, FactsUnavailable, type PatientFacts } from '#src/facts.ts'
import { PATIENT, toAsk } from './corpus.ts'
import { named } from './decision-point.contract.ts'

const { facts } = toAsk(named('team-reads-unlabelled'))
const [patient] = facts.patients.values()
assert.ok(patient)
const known: PatientFacts = patient
const asked: FactsAsked = { tenant: 't', user: 'stf102', role: 'agb102', patients: [PATIENT, 'pas2'] }
const traced = { traceparent: '' }

function world() {
  let time = 1000
  const calls: (readonly string[])[] = []
  let during = (): void => {}
  const cache = createFactCache({
    now: () => new Date(time),
    source: {
      read: ({ patients }): Promise<CaseFacts> => {
        calls.push(patients)
        during()
        return Promise.resolve({
          ...facts,
          patients: new Map(patients.map((id) => [id, { ...known, patient: id }])),
        })
      },
    },
  })
  cache.noteAlive()
  return {
    cache,
    calls,
    pass: (ms: number) => (time += ms),
    during: (what: () => void) => (during = what),
  }
}
const unavailable = (thrown: unknown): boolean => thrown instanceof FactsUnavailable

test('facts are read once and remembered, each patient by itself', async () => {
  const { cache, calls } = world()
  const first = await cache.read(asked, traced)
  assert.deepEqual([...first.patients.keys()], [PATIENT, 'pas2'])
  await cache.read(asked, traced)
  const more = await cache.read({ ...asked, patients: [PATIENT, 'pas3'] }, traced)
  assert.deepEqual([...more.patients.keys()].sort(), [PATIENT, 'pas3'])
  assert.deepEqual(calls, [[PATIENT, 'pas2'], ['pas3']])
})

test('nothing is remembered longer than four seconds', async () => {
  const { cache, calls, pass } = world()
  await cache.read(asked, traced)
  pass(3999)
  cache.noteAlive()
  await cache.read(asked, traced)
  assert.equal(calls.length, 1)
  pass(1)
  await cache.read(asked, traced)
  assert.equal(calls.length, 2)
})

test('a change of a patient drops what is known of that patient, for everybody', async () => {
  const { cache, calls } = world()
  await cache.read(asked, traced)
  await cache.read({ ...asked, role: 'agb112' }, traced)
  cache.noteChange({ kind: 'patient', id: PATIENT })
  await cache.read(asked, traced)
  await cache.read({ ...asked, role: 'agb112' }, traced)
  assert.deepEqual(calls.slice(2), [[PATIENT], [PATIENT]])
})

test('a change of a person drops all that is known of that person', async () => {
  const { cache, calls } = world()
  await cache.read(asked, traced)
  cache.noteChange({ kind: 'user', id: 'stf102' })
  await cache.read(asked, traced)
  assert.deepEqual(calls[1], [PATIENT, 'pas2'])
})

test('after two seconds of silence nothing is used, not even what was just read', async () => {
  const { cache, pass, calls, during } = world()
  await cache.read(asked, traced)
  pass(2001)
  assert.equal(cache.isFresh(), false)
  await assert.rejects(cache.read(asked, traced), unavailable)
  assert.equal(calls.length, 1)
  cache.noteAlive()
  during(() => void pass(2001))
  await assert.rejects(cache.read({ ...asked, patients: ['pas9'] }, traced), unavailable)
})

test('a cache that has heard nothing yet is not fresh, and neither is one whose clock went back', () => {
  const cache = createFactCache({ source: { read: () => Promise.reject(new Error('unused')) }, now: () => new Date(5) })
  assert.equal(cache.isFresh(), false)
  const { cache: other, pass } = world()
  pass(-500)
  assert.equal(other.isFresh(), false)
})

test('what was asked before a change and answered after it is not remembered', async () => {
  const { cache, calls, during } = world()
  during(() => cache.noteChange({ kind: 'patient', id: PATIENT }))
  await cache.read(asked, traced)
  during(() => {})
  await cache.read(asked, traced)
  assert.deepEqual(calls.slice(1), [[PATIENT]])
})

test('a change keeps nothing fresh: only a heartbeat stands behind all that came before it', async () => {
  const { cache, pass } = world()
  await cache.read(asked, traced)
  pass(2001)
  cache.noteChange({ kind: 'patient', id: 'pas9' })
  assert.equal(cache.isFresh(), false)
  await assert.rejects(cache.read(asked, traced), unavailable)
})

test('what is asked again after a change counts only while the host is still heard', async () => {
  const { cache, pass, during } = world()
  await cache.read({ ...asked, patients: [PATIENT] }, traced)
  let reads = 0
  during(() => {
    reads += 1
    if (reads === 1) cache.noteChange({ kind: 'patient', id: PATIENT })
    else pass(2001)
  })
  await assert.rejects(cache.read({ ...asked, patients: [PATIENT, 'pas9'] }, traced), unavailable)
  assert.equal(reads, 2)
})

test('a source that fails makes the facts unavailable and is asked again next time', async () => {
  let failing = true
  const cache = createFactCache({
    now: () => new Date(1),
    source: { read: () => (failing ? Promise.reject(new FactsUnavailable('no')) : Promise.resolve(facts)) },
  })
  cache.noteAlive()
  await assert.rejects(cache.read(asked, traced), unavailable)
  failing = false
  assert.equal((await cache.read({ ...asked, patients: [PATIENT] }, traced)).patients.size, 1)
})

test('a mark moves with what is heard of the person and the patients it is about, and with nothing else', () => {
  const { cache, pass } = world()
  const mark = (): string | undefined => cache.markOf('stf102', [PATIENT, 'pas2'])
  const first = mark()
  assert.ok(first)
  cache.noteChange({ kind: 'patient', id: 'pas3' })
  cache.noteChange({ kind: 'user', id: PATIENT })
  assert.equal(mark(), first)
  const marks = [first]
  for (const [kind, id] of [
    ['patient', 'pas2'],
    ['user', 'stf102'],
    ['patient', 'pas2'],
  ] as const) {
    cache.noteChange({ kind, id })
    const now = mark()
    assert.ok(now !== undefined && !marks.includes(now))
    marks.push(now)
  }
  pass(2001)
  assert.equal(mark(), undefined)
})
