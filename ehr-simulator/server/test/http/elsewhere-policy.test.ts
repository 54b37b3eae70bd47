import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import type { Answer } from '@uthopp/policy/answer'
import { formatDecision } from '@uthopp/policy/authzen/decision'
import { parseEvaluation } from '@uthopp/policy/authzen/evaluation'
import type { Ask } from '@uthopp/policy/decision-point'
import { createDecisionPoint, type LocalDecisionPoint } from '@uthopp/policy/in-process'
import { OWN_RULES } from '@uthopp/policy/rule-book'
import { isProblem } from '@uthopp/smart-core/problem'
import { readCase } from '#src/facts/care-facts.ts'
import { untilHeard } from '#src/http/elsewhere-policy.ts'
import { OUS, type Screen, startSurfaceWorld, type SurfaceWorld } from '#test/work-surface/surface-world.ts'

const HANSEN = 'cdp1004'
type Page = Readonly<Record<string, unknown>> & { readonly evaluations: readonly object[] }

let world: SurfaceWorld
let point: LocalDecisionPoint
let asked: Ask[] = []
before(async () => {
  world = await startSurfaceWorld(({ auth }) => ({ pdp: `${auth}/${OUS}/pdp` }))
  point = createDecisionPoint({
    rules: OWN_RULES,
    now: () => world.facts().now(),
    log: () => {},
    facts: {
      read: async (wanted) =>
        (await readCase(world.facts(), wanted)) ?? { person: null, patients: new Map(), at: new Date() },
    },
  })
})
after(async () => {
  await point.close()
  await world.close()
})

/** The decision point of the authorization server: the rules, and whatever somebody there thinks of their answers. */
const decidesWith =
  (thinks: (ask: Ask, answer: Answer) => Answer) => async (page: Readonly<Record<string, unknown>>) => {
    const { evaluations, options: _, ...shared } = page as Page // what our own client formatted
    const asks = evaluations.map((each) => {
      const ask = parseEvaluation({ ...shared, ...each })
      assert.ok(!isProblem(ask), JSON.stringify(ask))
      return ask
    })
    asked.push(...asks)
    const answers = await point.decideAll(asks)
    return { evaluations: asks.map((ask, index) => formatDecision(thinks(ask, answers[index] as Answer))) } // one each
  }
const asTheRulesHaveIt = decidesWith((_, answer) => answer)

/** Answers of radiology stand among the documents, and are none. */
const notesOf = (chart: Readonly<Record<string, unknown>>) =>
  (chart['documents'] as readonly { readonly type: string }[]).filter(({ type }) => type !== 'Radiologi')

const physician = async (): Promise<Screen> => {
  const screen = world.screen()
  await screen.signIn('nordmann', 'agb101')
  return screen
}

/** The chart, asked for again where whoever decides was later than the host waits: that is told as 503 and is no denial. */
async function chartOf(screen: Screen) {
  let chart = await screen.get(`patients/${HANSEN}`)
  for (const deadline = performance.now() + 30_000; chart.status === 503 && performance.now() < deadline; ) {
    world.pass(0.1) // more than a circuit breaker stays open
    chart = await screen.get(`patients/${HANSEN}`)
  }
  return chart
}

describe('a chart whose decision point is elsewhere (CE-46)', () => {
  test('is decided there, resource by resource, and shows what it would show by the same rules here', async () => {
    asked = []
    world.authorizationServer.decides = asTheRulesHaveIt
    const chart = await chartOf(await physician())
    assert.equal(chart.status, 200)
    assert.ok(asked.length > 5)
    assert.deepEqual(
      [...new Set(asked.map(({ circumstance: { tenant, clientId } }) => `${tenant} ${clientId}`))],
      [`${OUS} host`],
    )
    const here = await startSurfaceWorld()
    try {
      const screen = here.screen()
      await screen.signIn('nordmann', 'agb101')
      const same = await screen.get(`patients/${HANSEN}`)
      assert.deepEqual(Object.keys(chart.body), Object.keys(same.body))
      for (const [name, part] of Object.entries(chart.body))
        if (Array.isArray(part)) assert.equal(part.length, (same.body[name] as unknown[]).length, name)
    } finally {
      await here.close()
    }
  })

  test('follows rules of there that are not the rules of here, without being built anew', async () => {
    world.authorizationServer.decides = decidesWith((ask, answer) =>
      'resource' in ask.question && ask.question.resource.type === 'DocumentReference'
        ? { ...answer, effect: 'deny', reasonCode: 'role-not-entitled' }
        : answer,
    )
    const { body } = await chartOf(await physician())
    assert.deepEqual(notesOf(body), [])
    world.authorizationServer.decides = asTheRulesHaveIt
    const again = await chartOf(await physician())
    assert.notDeepEqual(notesOf(again.body), [])
  })

  test('shows nothing at all while nobody answers there, says so, and opens again once somebody does', async () => {
    const screen = await physician()
    world.authorizationServer.decides = undefined
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const refused = await screen.get(`patients/${HANSEN}`)
      assert.deepEqual([refused.status, refused.body['error']], [503, 'access_undecided'])
    }
    // Facts are read by whoever decides there, so the host goes on answering all the same; it warns.
    const ready = await fetch(`${world.address}/health/ready`)
    assert.equal(ready.status, 200)
    assert.match(await ready.text(), /993467049: no chart opens: the decision point does not answer/)
    world.authorizationServer.decides = asTheRulesHaveIt
    world.pass(0.1) // more than a circuit breaker stays open
    assert.equal((await chartOf(screen)).status, 200)
  })

  test('is decided there with another token once the one at hand has died, and nobody notices', async () => {
    const screen = await physician()
    world.authorizationServer.decides = asTheRulesHaveIt
    assert.equal((await chartOf(screen)).status, 200)
    world.authorizationServer.era = '-anew'
    const statuses: number[] = []
    // Each may be late for itself; no time passes in which the old one would have ended.
    while (statuses.length < 4 && !statuses.includes(200))
      statuses.push((await screen.get(`patients/${HANSEN}`)).status)
    assert.ok(statuses.includes(200), statuses.join())
  })

  test('lets nobody take an access while nobody answers, and does not say that the role may not', async () => {
    const screen = world.screen()
    await screen.signIn('lund')
    world.authorizationServer.decides = undefined
    const offered = await screen.get(`patients/${HANSEN}/access`)
    assert.deepEqual([offered.status, offered.body['error']], [503, 'access_undecided'])
    const wish = { patient: HANSEN, ground: 'TILSYN', reason: 'Bedt om vurdering av vakthavende på 4B' }
    const taken = await screen.post('access', wish)
    assert.deepEqual([taken.status, taken.body['error']], [503, 'access_undecided'])
    assert.equal(
      (await world.facts().decisions.liveOf({ user: 'stf103', role: 'agb103' }, [HANSEN], new Date())).length,
      0,
    )
  })
})

describe('a decision point of somebody else’s', () => {
  test('hears a word of the host’s own that is good there only, and never what the issuer gave (AZ-36)', async () => {
    const brought: string[] = []
    const server = createServer((request, response) => {
      if (request.method === 'POST') brought.push(request.headers.authorization ?? '')
      response.writeHead(404).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const pdp = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${OUS}/pdp` // a TCP server that listens has one
    const elsewhere = await startSurfaceWorld(() => ({ pdp }))
    try {
      const screen = elsewhere.screen()
      await screen.signIn('nordmann', 'agb101')
      assert.equal((await screen.get(`patients/${HANSEN}`)).status, 503)
      assert.ok(brought.length > 0)
      const issuer = `${elsewhere.address}/${OUS}`
      const keys = createRemoteJWKSet(new URL(`${issuer}/jwks.json`))
      for (const authorization of brought) {
        const token = authorization.replace(/^Bearer /, '')
        const { payload } = await jwtVerify(token, keys, { issuer, subject: issuer, audience: pdp, typ: 'at+jwt' })
        assert.equal(payload['scope'], '__pdp.evaluate')
      }
    } finally {
      await elsewhere.close()
      server.closeAllConnections()
      server.close()
    }
  })
})

describe('a decision somebody has just taken', () => {
  const answer = (reasonCode: string) => ({ effect: 'deny', reasonCode }) as Answer // nothing else is looked at
  async function askedUntil(codes: readonly string[]) {
    const waits: number[] = []
    let turn = 0
    const heard = untilHeard(
      {
        decideAll: () => Promise.resolve([answer(codes[turn++] ?? 'permitted')]),
        ready: () => undefined,
        close: () => Promise.resolve(),
      },
      (ms) => Promise.resolve(waits.push(ms)),
    )
    return { said: (await heard.decideAll([]))[0]?.reasonCode, waits: waits.length }
  }

  test('is asked about again until it has been heard of there', async () => {
    assert.deepEqual(await askedUntil(['decision-expired', 'decision-expired', 'care-decision']), {
      said: 'care-decision',
      waits: 2,
    })
  })

  test('of which nobody there ever hears is refused after a moment; another refusal stands at once', async () => {
    assert.deepEqual(await askedUntil(Array.from({ length: 9 }, () => 'decision-expired')), {
      said: 'decision-expired',
      waits: 3,
    })
    assert.deepEqual(await askedUntil(['no-care-relation']), { said: 'no-care-relation', waits: 0 })
  })
})
