import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import type { FactsAsked } from '#src/facts.ts'
import { FactsUnavailable } from '#src/facts.ts'
import { createHttpFacts } from '#src/http-facts.ts'

const NOW = new Date('2026-11-20T12:00:00Z')
const asked: FactsAsked = { tenant: '993467049', user: 'stf101', role: 'agb101', patients: ['pas1'] }
const role = {
  id: 'agb101',
  kind: 'physician',
  acute: true,
  unit: 'lok101',
  units: ['lok101'],
  department: 'a',
  organization: 'b',
}
const person = { id: 'stf101', kind: 'clinician', employed: true, licence: { active: true, profession: 'LE' }, role }
const decision = {
  id: 'd1',
  template: 'BELEGG',
  family: 'implicit',
  patient: 'pas1',
  purpose: 'TREAT',
  valid_from: '2026-11-20T10:00:00Z',
  elements: ['*'],
  items: [],
  user_selected: false,
  self_selected: false,
}
const patient = {
  patient: 'pas1',
  epoch: 'e.1',
  in_care_team: true,
  contact_units: ['lok101'],
  self: false,
  decisions: [decision],
  blocks: [{ id: 's1', kind: 'record', target: '' }],
}
const answer = { at: NOW.toISOString(), user: person, patients: [patient] }

let status = 200
let body = ''
let late = 0
const seen: {
  readonly url: string | undefined
  readonly authorization: string | undefined
  readonly traceparent: unknown
}[] = []
const server = createServer((request, response) => {
  seen.push({
    url: request.url,
    authorization: request.headers.authorization,
    traceparent: request.headers['traceparent'],
  })
  setTimeout(() => response.writeHead(status).end(body), late)
})
let base = ''
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a TCP server that listens has one
})
after(() => {
  server.closeAllConnections()
  server.close()
})

const read = (
  json: unknown,
  options: {
    readonly status?: number
    readonly late?: number
    readonly timeoutMs?: number
    readonly asked?: FactsAsked
  } = {},
) => {
  status = options.status ?? 200
  late = options.late ?? 0
  body = typeof json === 'string' ? json : JSON.stringify(json)
  const source = createHttpFacts({
    address: (tenant) => `${base}/${tenant}/facts`,
    bearer: () => Promise.resolve('service'),
    timeoutMs: options.timeoutMs ?? 5000,
    now: () => NOW,
  })
  return source.read(options.asked ?? asked, { traceparent: '00-x' })
}
const refused = (thrown: unknown): boolean => thrown instanceof FactsUnavailable && thrown.code === 'facts-unavailable'

test('the facts of a case are read as the host tells them', async () => {
  const facts = await read(answer)
  assert.equal(facts.person?.role?.kind, 'physician')
  const found = facts.patients.get('pas1')
  assert.deepEqual(
    [found?.epoch, found?.inCareTeam, found?.decisions[0]?.validUntil, found?.blocks[0]?.kind],
    ['e.1', true, null, 'record'],
  )
  assert.deepEqual(seen.at(-1), { url: '/993467049/facts/cases', authorization: 'Bearer service', traceparent: '00-x' })
})

test('a person the host does not know is nobody, not trouble', async () => {
  const facts = await read({ error: 'unknown_user' }, { status: 404 })
  assert.deepEqual([facts.person, facts.patients.size], [null, 0])
})

test('a service is asked about without a person', async () => {
  const facts = await read({ ...answer, user: null }, { asked: { ...asked, user: null, role: null } })
  assert.deepEqual([facts.person, facts.patients.size], [null, 1])
})

test('an answer that misses a member, has an odd one or is about others is none', async () => {
  const { epoch: _, ...ageless } = patient
  const { self: __, ...selfless } = patient
  const wrong: readonly unknown[] = [
    '',
    'null',
    [],
    {},
    { ...answer, at: 'yesterday' },
    { ...answer, at: '2026-11-20' },
    { ...answer, extra: 1 },
    { ...answer, user: null },
    { ...answer, user: { ...person, id: 'stf102' } },
    { ...answer, user: { ...person, kind: 'robot' } },
    { ...answer, user: { ...person, licence: {} } },
    { ...answer, user: { ...person, role: { ...role, kind: 'king' } } },
    { ...answer, patients: [ageless] },
    { ...answer, patients: [selfless] },
    { ...answer, patients: [{ ...patient, patient: 'pas2' }] },
    { ...answer, patients: [patient, patient] },
    { ...answer, patients: [{ ...patient, in_care_team: 'yes' }] },
    { ...answer, patients: [{ ...patient, blocks: [{ id: 's', kind: 'colour', target: '' }] }] },
    { ...answer, patients: [{ ...patient, decisions: [{ ...decision, valid_until: 'soon' }] }] },
    { ...answer, patients: [{ ...patient, decisions: [{ ...decision, elements: '*' }] }] },
  ]
  for (const each of wrong) await assert.rejects(read(each), refused, JSON.stringify(each))
})

test('a host that errs, is late or cannot be reached has no facts', async () => {
  for (const code of [400, 401, 403, 404, 500, 503]) await assert.rejects(read(answer, { status: code }), refused)
  await assert.rejects(read(answer, { late: 300, timeoutMs: 30 }), refused)
  const nowhere = createHttpFacts({
    address: () => 'http://127.0.0.1:9',
    bearer: () => Promise.resolve('t'),
    now: () => NOW,
  })
  await assert.rejects(nowhere.read(asked, { traceparent: '' }), refused)
})

test('facts of another time are told apart as a difference of clocks', async () => {
  for (const at of ['2026-11-20T11:59:54Z', '2026-11-20T12:00:06Z'])
    await assert.rejects(
      read({ ...answer, at }),
      (thrown) => thrown instanceof FactsUnavailable && thrown.code === 'clock-skew',
    )
  assert.equal((await read({ ...answer, at: '2026-11-20T11:59:56Z' })).patients.size, 1)
})
