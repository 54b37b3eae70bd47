import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { newRecord } from '@uthopp/audit/record'
import { write } from '#test/audit/support.ts'
import { denied, nameOfAsk } from '#test/policy/in-test-point.ts'
import { Browser } from '#test/support/browser.ts'
import { authorize, exchange, INTENT, launch } from '#test/support/launch.ts'
import { AHUS, OUS } from '#test/support/stub-host.ts'
import { apiToken, callApi, json, startWorld, type World } from '#test/support/world.ts'

const SCOPE = 'launch openid fhirUser online_access patient/Patient.r patient/Observation.rs'

type Entry = Readonly<Record<string, unknown>>

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())
beforeEach(() => {
  world.policy().answer = () => undefined
})

const ask = (id: string, authorization: string, orgnr = OUS): Promise<Response> =>
  fetch(`${world.issuer(orgnr)}/explain/${id}`, { headers: authorization === '' ? {} : { authorization } })

/** Records are on their way for a moment. */
async function entriesOf(id: string, authorization: string, enough: (entries: readonly Entry[]) => boolean) {
  for (const deadline = performance.now() + 30_000; performance.now() < deadline; ) {
    const answer = await ask(id, authorization)
    if (answer.status === 200) {
      const { entries } = (await json(answer)) as { entries: readonly Entry[] } // the server under test wrote it
      if (enough(entries)) return entries
    }
    await sleep(50)
  }
  throw new Error('the explanation never came')
}
const has = (activity: string) => (entries: readonly Entry[]) => entries.some((one) => one['activity'] === activity)
const readerToken = async (orgnr = OUS) => `Bearer ${await apiToken(world, 'host', '__audit.read', orgnr)}`
const correlationOf = (answer: Response): string => answer.headers.get('x-correlation-id') ?? ''

async function narrowedLaunch(refusedCode = 'role-not-entitled') {
  world.policy().answer = (asked) => (nameOfAsk(asked) === 'patient/Observation.s' ? denied(refusedCode) : undefined)
  const started = await authorize(world, new Browser(), {}, { scope: SCOPE })
  const answer = await exchange(world, started.request, started.redirect.searchParams.get('code') ?? '')
  const tokens = await json(answer)
  return { id: correlationOf(answer), tokens, bearer: `Bearer ${String(tokens['access_token'])}` }
}

describe('an explanation for the app whose request it was', () => {
  test('says what was asked, granted and withheld by which reason, and nothing about anybody', async () => {
    const { id, bearer } = await narrowedLaunch()
    const entries = await entriesOf(id, bearer, has('scope-decided'))
    const decided = entries.find((entry) => entry['activity'] === 'scope-decided' && 'withheld' in entry)
    assert.ok(decided)
    const { at, granted, ...rest } = decided
    assert.match(String(at), /^\d{4}-/)
    assert.ok(Array.isArray(granted) && granted.includes('patient/Observation.r'))
    assert.deepEqual(rest, {
      activity: 'scope-decided',
      outcome: 'ok',
      moment: 'token',
      enforced: true,
      asked: rest['asked'],
      withheld: [],
      reason: { code: 'permitted', text: { nb: 'Tilgang gitt.', en: 'access is permitted' } },
    })
    assert.doesNotMatch(JSON.stringify(entries), /stf101|agb101|cdp1001|issue-read|Ehr::|Clinician/)
  })

  test('of another app, of another person and of another trust is as unknown as one that never was', async () => {
    const { id, bearer } = await narrowedLaunch()
    await entriesOf(id, bearer, has('scope-decided'))
    const elsewhere = await launch(
      world,
      new Browser(),
      { client_id: 'nutrition' },
      {
        client_id: 'nutrition',
        redirect_uri: 'http://localhost:4102/index.html',
      },
    )
    const colleague = await launch(world, new Browser(), {
      user: 'stf104',
      role: 'agb104',
      patient: 'cdp1006',
      workspace: 'tab-2',
    })
    const answers = await Promise.all([
      ask('0'.repeat(32), bearer),
      ask('not-an-id', bearer),
      ask(id, `Bearer ${String(elsewhere.tokens['access_token'])}`),
      ask(id, `Bearer ${String(colleague.tokens['access_token'])}`),
      ask(id, await readerToken(AHUS), AHUS),
    ])
    const bodies = await Promise.all(
      answers.map(async (answer) => {
        const { correlation_id: _, ...body } = await json(answer)
        return { status: answer.status, ...body }
      }),
    )
    for (const body of bodies) assert.deepEqual(body, bodies[0])
    assert.equal(bodies[0]?.status, 404)
  })

  test('is refused to whoever shows nothing, something dead, or a token for something else', async () => {
    const { id } = await narrowedLaunch()
    for (const authorization of [
      '',
      'Bearer x.y.z',
      'Basic eDp5',
      `Bearer ${await apiToken(world, 'host', '__launch')}`,
      `Bearer ${await apiToken(world, 'host', '__pdp.evaluate')}`,
      await readerToken(AHUS),
    ]) {
      const answer = await ask(id, authorization)
      assert.equal(answer.status, 401, authorization)
      assert.match(answer.headers.get('www-authenticate') ?? '', /Bearer/)
    }
  })
})

describe('an explanation of a request for data', () => {
  const accessed = (correlationId: string, given: Partial<Parameters<typeof newRecord>[0]> = {}) =>
    newRecord({
      tenant: OUS,
      at: new Date('2026-11-20T12:00:00Z'),
      activity: 'fhir-access',
      actor: { kind: 'clinician', id: 'stf101', role: 'agb101' },
      clientId: 'pacs-viewer',
      patient: 'cdp1001',
      correlationId,
      source: 'gateway',
      what: { interaction: 'search-type', type: 'Observation', ids: [], count: 0, query: '_id&value-quantity' },
      ...given,
    })
  const policy = (reasonCode: string) => ({
    decisionId: 'd1',
    version: 'v1',
    effect: 'deny' as const,
    rules: ['guard-blocked'],
    reasonCode,
    trace: {},
  })

  test('is to the app byte for byte the same whether or not something hidden matched; the reader of the log sees it', async () => {
    const { tokens } = await launch(world, new Browser())
    const bearer = `Bearer ${String(tokens['access_token'])}`
    const [matching, empty, blocked, absent] = ['1', '2', '3', '4'].map((digit) => digit.repeat(32))
    assert.ok(matching && empty && blocked && absent)
    const hidden = (interaction: string) => ({
      activity: 'fhir-refused' as const,
      outcome: 'refused' as const,
      what: { interaction, type: 'Observation', ids: ['Observation/obs1001-1'], count: 1, query: null },
      policy: policy('blocked-document'),
      detail: { code: 'blocked-document', enforced: true, reasonNb: 'Sperret.', reasonEn: 'blocked' },
    })
    const written = await write(
      world,
      [
        accessed(matching, hidden('search-type')),
        accessed(empty),
        accessed(blocked, hidden('read')),
        accessed(absent, {
          activity: 'fhir-refused',
          outcome: 'refused',
          what: { interaction: 'read', type: 'Observation', ids: [], count: 0, query: null },
          detail: { code: 'not-found', status: 404 },
        }),
      ],
      { as: 'gateway' },
    )
    assert.equal(written.status, 200)
    const bodyOf = async (id: string) => (await (await ask(id, bearer)).text()).replaceAll(id, '<id>')
    const told = await bodyOf(empty)
    assert.match(told, /"outcome":"answered"/)
    for (const id of [matching, blocked, absent]) assert.equal(await bodyOf(id), told, id)
    const whole = await (await ask(matching, await readerToken())).text()
    assert.match(whole, /blocked-document/)
  })

  test('of a long launch is whole, and other launches of the person and the app take no place in it', async () => {
    const click = '5'.repeat(32)
    const offered = accessed(click, { activity: 'launch-offered', launchId: 'launch-long', what: null })
    const later = Array.from({ length: 250 }, () => accessed('6'.repeat(32), { launchId: 'launch-long' }))
    const others = Array.from({ length: 600 }, () => accessed('7'.repeat(32), { launchId: 'launch-other' }))
    const all = [...others, offered, ...later]
    for (let from = 0; from < all.length; from += 100)
      assert.equal((await write(world, all.slice(from, from + 100), { as: 'gateway' })).status, 200)
    const body = await json(await ask(click, await readerToken()))
    const { entries } = body as { entries: readonly Entry[] } // the server under test wrote it
    assert.equal(entries.length, 251)
    assert.equal(body['more'], undefined)
  })

  test('looks for what would have turned a denial only so often, says where it did not, and lets others go on meanwhile', async () => {
    const click = '8'.repeat(32)
    const refusals = Array.from({ length: 30 }, () => accessed(click, { policy: policy('no-care-relation') }))
    assert.equal((await write(world, refusals, { as: 'gateway' })).status, 200)
    let longest = 0
    let last = process.threadCpuUsage()
    const beat = setInterval(() => {
      const now = process.threadCpuUsage()
      longest = Math.max(longest, (now.user - last.user + now.system - last.system) / 1000)
      last = now
    }, 1)
    const look = async () => {
      const { entries } = (await json(await ask(click, await readerToken()))) as { entries: readonly Entry[] } // as above
      return entries.map((entry) => (entry['policy'] as Record<string, unknown>)['would_differ']) // as above
    }
    let looked = await look()
    // While the rules are still being read, an explanation does without after some seconds.
    for (let again = 0; again < 10 && !looked.some(Array.isArray); again += 1) looked = await look()
    clearInterval(beat)
    assert.deepEqual([looked.filter(Array.isArray).length, looked.filter((one) => one === null).length], [20, 10])
    // Reading the rule book alone takes the better part of a second where it is done in this thread.
    assert.ok(longest < 300, `worked for ${longest} ms without looking up`)
  })
})

describe('an explanation for those who read the log', () => {
  test('of a click shows the whole launch it began, with who, about whom, and by which rules', async () => {
    world.policy().answer = (asked) =>
      nameOfAsk(asked) === 'patient/Observation.s' ? denied('role-not-entitled') : undefined
    const offered = await callApi(world, '/launches', { ...INTENT, bound: false }, { as: 'launcher' })
    assert.equal(offered.status, 201)
    const handle = String((await json(offered))['launch'])
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: 'pacs-viewer',
      redirect_uri: 'http://localhost:4101/index.html',
      scope: SCOPE,
      state: 'state-of-enough-length',
      aud: world.fhirBase(),
      launch: handle,
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    })
    await new Browser().send(`${world.issuer()}/auth?${query.toString()}`)
    const entries = await entriesOf(
      correlationOf(offered),
      await readerToken(),
      (seen) => has('launch-offered')(seen) && seen.some((one) => one['moment'] === 'authorize'),
    )
    const denial = entries.find((entry) => JSON.stringify(entry['policy'] ?? '').includes('role-not-entitled'))
    assert.ok(denial, 'the rule that took a letter')
    assert.equal(denial['patient'], 'cdp1001')
    assert.deepEqual(denial['actor'], { kind: 'clinician', id: 'stf101', role: 'agb101' })
    assert.ok(Array.isArray(denial['letters']))
  })

  test('is itself written down', async () => {
    const { id } = await narrowedLaunch()
    const reader = await readerToken()
    await entriesOf(id, reader, has('scope-decided'))
    const last = await ask(id, reader)
    const entries = await entriesOf(correlationOf(last), reader, has('explanation-read'))
    assert.ok(entries.some((entry) => entry['client_id'] === 'host'))
  })

  test('takes `__audit.read` at this trust, and nothing less', async () => {
    const { id } = await narrowedLaunch()
    const token = await apiToken(world, 'gateway', '__audit.write')
    const answer = await ask(id, `Bearer ${token}`)
    assert.equal(answer.status, 403)
  })
})
