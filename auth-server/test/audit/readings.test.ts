import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { AuditRecord } from '@uthopp/audit/record'
import { createDecisionPoint } from '@uthopp/policy/in-process'
import { OWN_RULES } from '@uthopp/policy/rule-book'
import { ASK, FACTS, NOW } from '#test/explain/case.ts'
import { denied } from '#test/policy/in-test-point.ts'
import { OUS } from '#test/support/stub-host.ts'
import { apiToken, json, startWorld, type World } from '#test/support/world.ts'
import { aRecord, logged, write } from './support.ts'

const CLOSED = `@reason_code("closed")
@deny_no("Stengt.")
@deny_en("closed for everybody")
forbid (principal, action == Ehr::Action::"launch", resource);`

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())

type Asked = { readonly scope: string; readonly body?: unknown }
async function ask(path: string, { scope, body }: Asked): Promise<Response> {
  const authorization = `Bearer ${await apiToken(world, 'host', scope)}`
  return fetch(`${world.issuer()}${path}`, {
    headers: { authorization, 'content-type': 'application/json', 'x-on-behalf-of': 'stf104' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  })
}

const MARK = 'cdp1099'
/** What the log has heard of this answer's request, with whose log each record stands in. The log keeps the order of deeds. */
async function heardOf(answer: Response): Promise<readonly string[]> {
  const id = answer.headers.get('x-correlation-id')
  const mark = await ask(`/audit/patient/${MARK}`, { scope: '__audit.read' })
  const marked = mark.headers.get('x-correlation-id')
  const records = await logged(world, (all) => all.some(({ correlationId }) => correlationId === marked))
  return records
    .filter(({ correlationId }) => correlationId === id)
    .map(({ activity, patient, what, detail }) => `${activity} ${patient} ${what?.count ?? Number(detail['count'])}`)
    .toSorted()
}

/** A story about two patients and about nobody, as a host would tell it. */
async function aStory(correlationId: string, given: Partial<AuditRecord> = {}) {
  const about = (patient: string | null) => aRecord({ patient, correlationId, ...given })
  await write(world, [about('cdp1001'), about('cdp1001'), about('cdp1002'), about(null)])
}

describe('whoever reads about patients stands in the log of each of them (norway.md §5.1)', () => {
  test('by a search of the whole log, with how much was read of whom', async () => {
    const correlation = '1'.repeat(32)
    await aStory(correlation)
    const found = await ask(`/audit/activities?correlation=${correlation}`, { scope: '__audit.read' })
    assert.deepEqual(await heardOf(found), ['log-read cdp1001 2', 'log-read cdp1002 1', 'log-read null 1'])
    await aStory('2'.repeat(32), { actor: { kind: 'clinician', id: 'stf107', role: null } })
    const events = await ask('/audit/AuditEvent?agent=stf107', { scope: '__audit.read' })
    assert.deepEqual(await heardOf(events), ['log-read cdp1001 2', 'log-read cdp1002 1', 'log-read null 1'])
    const shaped = await ask('/audit/AuditEvent?agent=stf107&_shape=balp&_count=1', { scope: '__audit.read' })
    assert.equal((await heardOf(shaped)).length, 1, 'only whom this page told of')
  })

  test('by a search of one patient’s log, also where it is empty, and by a search that finds nobody', async () => {
    for (const [patient, path] of [
      ['cdp1077', '/audit/AuditEvent?patient=cdp1077'],
      ['cdp1078', '/audit/patient/cdp1078?for=staff'],
    ] as const)
      assert.deepEqual(await heardOf(await ask(path, { scope: '__audit.read' })), [`log-read ${patient} 0`])
    const nobody = await ask(`/audit/activities?correlation=${'f'.repeat(32)}`, { scope: '__audit.read' })
    assert.deepEqual(await heardOf(nobody), ['log-read null 0'])
  })

  test('by an explanation', async () => {
    const correlation = '3'.repeat(32)
    await aStory(correlation)
    const told = await ask(`/explain/${correlation}`, { scope: '__audit.read' })
    assert.equal(told.status, 200)
    assert.deepEqual(await heardOf(told), [
      'explanation-read cdp1001 2',
      'explanation-read cdp1002 1',
      'explanation-read null 1',
    ])
    const nothing = await ask(`/explain/${'e'.repeat(32)}`, { scope: '__audit.read' })
    assert.equal(nothing.status, 404)
    assert.deepEqual(await heardOf(nothing), [], 'nothing was told')
  })

  test('by a replay, of whom it tells one by one: those whose decision would change', async () => {
    const facts = { read: async () => FACTS }
    const point = createDecisionPoint({ facts, rules: OWN_RULES, now: () => NOW, log: () => undefined })
    const { effect, reasonCode, rules, decisionId, policyVersion: version, trace } = await point.decide(ASK)
    await point.close()
    const policy = { decisionId, version, effect, rules, reasonCode, trace }
    await aStory('4'.repeat(32), { policy, activity: 'scope-decided' })
    const body = { last: 50, rules: { 'launch-guard-closed': CLOSED } }
    const changed = await ask('/explain/replay', { scope: '__audit.read', body })
    assert.equal(((await json(changed))['changed'] as []).length, 4) // as above
    assert.deepEqual(await heardOf(changed), ['log-read cdp1001 2', 'log-read cdp1002 1', 'log-read null 1'])
    const same = await ask('/explain/replay', { scope: '__audit.read', body: { last: 50 } })
    assert.deepEqual(await heardOf(same), ['log-read null 0'], 'numbers only')
  })

  describe('by a search of the decision point', () => {
    const question = (patient: string | null) => ({
      subject: { type: 'clinician', id: 'stf101', properties: { role: 'agb101' } },
      context: {
        tenant: OUS,
        client_id: 'pacs-viewer',
        zone: 'internal',
        may_write: true,
        sender_constrained: false,
        launch_bound: true,
        launch_patient: patient,
        grants: [],
        acr: 3,
      },
    })
    const search = (what: string, body: unknown) =>
      ask(`/pdp/access/v1/search/${what}`, { scope: '__pdp.search', body })
    const resource = (id: string, patient: string) => ({
      type: 'fhir',
      id,
      properties: { patient, labels: [], units: [], authors: [] },
    })

    test('for what may be done with something of theirs, or opened for them', async () => {
      const actions = { ...question('cdp1001'), resource: resource('Observation/o1', 'cdp1002') }
      assert.deepEqual(await heardOf(await search('action', actions)), ['policy-asked cdp1002 1'])
      const apps = { ...question('cdp1001'), action: { name: 'launch' }, resource: { type: 'app' } }
      assert.deepEqual(await heardOf(await search('resource', apps)), ['policy-asked cdp1001 1'])
      const nobody = { ...question(null), action: { name: 'launch' }, resource: { type: 'app' } }
      assert.deepEqual(await heardOf(await search('resource', nobody)), ['policy-asked null 1'])
    })

    test('for the patients of a person: those it names, and not those it leaves out', async () => {
      const patients = { ...question(null), action: { name: 'read' }, resource: { type: 'patient' } }
      assert.deepEqual(await heardOf(await search('resource', patients)), [
        'policy-asked cdp1001 1',
        'policy-asked cdp1002 1',
      ])
      world.policy().answer = (asked) =>
        'resource' in asked.question && asked.question.resource.id === 'cdp1002' ? denied('no') : undefined
      try {
        assert.deepEqual(await heardOf(await search('resource', patients)), ['policy-asked cdp1001 1'])
      } finally {
        world.policy().answer = () => undefined
      }
    })

    test('and is not answered where the log could not hold whom it is about', async () => {
      for (const [user, patient] of [
        ['stf101', '19854349034'],
        ['stf101', '../x'],
        ['line\nbreak', 'cdp1001'],
      ] as const) {
        const body = { ...question(null), resource: resource('Observation/o1', patient) }
        const refused = await search('action', { ...body, subject: { ...body.subject, id: user } })
        assert.equal(refused.status, 400, `${user} ${patient}`)
        assert.doesNotMatch(await refused.text(), /19854349034|line/)
        assert.deepEqual(await heardOf(refused), [])
      }
    })
  })
})
