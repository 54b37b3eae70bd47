import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CaseFacts } from '@uthopp/policy/facts'
import { launch } from '#test/support/launch.ts'
import { apiToken, json, startWorld, type World } from '#test/support/world.ts'
import { factsOf } from './case.ts'

const CLOSED = `@reason_code("closed")
@deny_no("Stengt.")
@deny_en("closed for everybody")
forbid (principal, action == Ehr::Action::"launch", resource);`
const CASE = {
  user: 'stf101',
  role: 'agb101',
  client_id: 'pacs-viewer',
  patient: 'cdp1001',
  purpose: 'TREAT',
  acr: 3,
  scope: 'patient/Observation.r',
}

type Book = {
  readonly version: string
  readonly problem?: string
  readonly answers: readonly { name: string; effect: string; rules: string[]; reason_code: string }[]
}

describe('a what-if', () => {
  let world: World
  let down = false
  const read = async (): Promise<CaseFacts> => {
    if (down) throw new Error('away')
    return factsOf()
  }
  before(async () => {
    world = await startWorld({ facts: { read } })
  })
  after(() => world.close())
  beforeEach(() => {
    down = false
  })

  const send = async (path: string, body: unknown, scope: string, method = 'POST') => {
    const token = await apiToken(world, 'launcher', scope)
    return fetch(`${world.issuer()}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }
  const whatIf = (changes: Readonly<Record<string, unknown>> = {}) =>
    send('/pdp/what-if', { ...CASE, ...changes }, '__pdp.search')

  test('says what would be decided, on which facts and by which rules, for two books side by side', async () => {
    const answer = await whatIf({ rules: { 'launch-guard-closed': CLOSED } })
    assert.equal(answer.status, 200)
    const body = (await answer.json()) as { serving: Book; candidate: Book; facts: CaseFacts; at: string } // the server under test wrote it
    const effects = ({ answers }: Book) => answers.map(({ name, effect }) => `${name} ${effect}`)
    assert.deepEqual(effects(body.serving), [
      'launch permit',
      'patient/Observation.r permit',
      'read Observation permit',
    ])
    assert.deepEqual(effects(body.candidate), [
      'launch deny',
      'patient/Observation.r permit',
      'read Observation permit',
    ])
    assert.equal(body.candidate.answers[0]?.reason_code, 'closed')
    assert.equal(body.facts.person?.user, 'stf101')
  })

  test('names what it cannot read, and an app that is not here', async () => {
    for (const [changes, status] of [
      [{ acr: 7 }, 400],
      [{ at: 'yesterday' }, 400],
      [{ rules: { 'Not An Id': 'x' } }, 400],
      [{ rules: { a: 7 } }, 400],
      [{ more: 1 }, 400],
      [{ user: '../x' }, 400],
      [{ client_id: 'nobody' }, 400],
      [{ scope: Array.from({ length: 300 }, (_, at) => `patient/Observation.cruds?code=c${at}`).join(' ') }, 400],
    ] as const)
      assert.equal((await whatIf(changes)).status, status, JSON.stringify(changes).slice(0, 80))
  })

  test('says so when the host does not tell what it knows', async () => {
    down = true
    assert.equal((await whatIf()).status, 503)
  })

  test('stands in the log of the patient whose facts it told, with whom it was about, also where no book answered', async () => {
    const token = await apiToken(world, 'host', '__audit.read')
    const asked = async (patient: string, count: number) => {
      for (const deadline = performance.now() + 30_000; performance.now() < deadline; ) {
        const answer = await fetch(`${world.issuer()}/audit/patient/${patient}`, {
          headers: { authorization: `Bearer ${token}` },
        })
        const lines = (await answer.text()).match(/"policy-asked"/g) ?? []
        if (lines.length >= count) return lines.length
        await sleep(50)
      }
      return 0
    }
    assert.equal((await whatIf({ patient: 'cdp1002' })).status, 200)
    assert.equal(await asked('cdp1002', 1), 1)
    assert.equal((await whatIf({ patient: 'cdp1002', rules: { broken: 'permit (' } })).status, 200)
    assert.equal(await asked('cdp1002', 2), 2)
    down = true
    assert.equal((await whatIf({ patient: 'cdp1002' })).status, 503)
    assert.equal(await asked('cdp1002', 2), 2, 'nothing was told, and nothing is written down')
  })

  test('takes `__pdp.search`', async () => {
    assert.equal((await fetch(`${world.issuer()}/pdp/what-if`, { method: 'POST' })).status, 401)
    const gateway = await apiToken(world, 'gateway', '__pdp.evaluate')
    const answer = await fetch(`${world.issuer()}/pdp/rules`, { headers: { authorization: `Bearer ${gateway}` } })
    assert.equal(answer.status, 403)
    const reader = await send('/pdp/rules', undefined, '__audit.read', 'GET')
    assert.equal(reader.status, 401, 'a token for the log is for the log')
  })

  test('begins with the rules that serve', async () => {
    const { version, rules } = (await (await send('/pdp/rules', undefined, '__pdp.search', 'GET')).json()) as {
      version: string
      rules: Record<string, string>
    } // as above
    assert.match(version, /^[0-9a-f]{16}$/)
    assert.match(rules['launch-decision'] ?? '', /permit/)
  })

  test('of the last decisions lists those another book would make otherwise', async () => {
    // What policy said of this launch is a case of the real rules.
    const answered = (await (await whatIf()).json()) as { serving: Book } // as above
    assert.equal(answered.serving.answers[0]?.effect, 'permit')
    await launch(world)
    let replayed: Record<string, unknown> = {}
    for (let tries = 0; tries < 100 && !(Number(replayed['decisions']) > 0); tries += 1) {
      await sleep(200)
      replayed = await json(await send('/explain/replay', { last: 50 }, '__audit.read'))
    }
    assert.ok(Number(replayed['decisions']) > 0)
    assert.deepEqual(replayed['changed'], [])
    assert.equal(replayed['not_replayable'], replayed['decisions'], 'the traces of this test point are no cases')
    const bad = await send('/explain/replay', { last: 1, rules: { broken: 'permit (' } }, '__audit.read')
    assert.equal(bad.status, 400)
    for (const last of [0, 5000, 'many'])
      assert.equal((await send('/explain/replay', { last }, '__audit.read')).status, 400)
  })
})
