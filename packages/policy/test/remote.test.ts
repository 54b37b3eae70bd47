import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { isProblem } from '@uthopp/smart-core/problem'
import { formatDecision } from '#src/authzen/decision.ts'
import { parseEvaluation } from '#src/authzen/evaluation.ts'
import type { Ask, Semantics } from '#src/decision-point.ts'
import { createDecisionPoint } from '#src/in-process.ts'
import { createRemoteDecisionPoint } from '#src/remote.ts'
import { OWN_RULES } from '#src/rules/rule-book.ts'
import { CORPUS_TIME, toAsk } from './corpus.ts'
import { decisionPointContract, named } from './decision-point.contract.ts'

type Handler = (request: IncomingMessage, body: string, response: ServerResponse) => void | Promise<void>

async function listen(
  handle: Handler,
  published?: (pdp: string) => unknown,
): Promise<{ readonly pdp: string; readonly close: () => Promise<void> }> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method === 'GET') {
      const found = request.url === '/.well-known/authzen-configuration/pdp' ? published?.(pdp) : undefined
      response.writeHead(found === undefined ? 404 : 200).end(JSON.stringify(found))
      return
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer) // no encoding is set, so these are bytes
    response.setHeader('content-type', 'application/json')
    response.setHeader('x-request-id', request.headers['x-request-id'] ?? '')
    await handle(request, Buffer.concat(chunks).toString('utf8'), response)
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server that listens has one
  const pdp = `http://127.0.0.1:${port}/pdp`
  return {
    pdp,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

type Batch = { readonly evaluations: readonly object[]; readonly options: { readonly evaluations_semantic: Semantics } }

function required(body: unknown): Ask {
  const ask = parseEvaluation(body)
  assert.ok(!isProblem(ask), JSON.stringify(ask))
  return ask
}

decisionPointContract('over AuthZEN HTTP', async (facts) => {
  const local = createDecisionPoint({ facts, rules: OWN_RULES, now: () => CORPUS_TIME, log: () => {} })
  await local.decide(toAsk(named('team-reads-unlabelled')).ask)
  const server = await listen(async (request, body, response) => {
    assert.equal(request.headers.authorization, 'Bearer fresh')
    const json = JSON.parse(body) as Batch // what our own client formatted
    if (request.url === '/pdp/access/v1/evaluation') {
      response.end(JSON.stringify(formatDecision(await local.decide(required(json)))))
      return
    }
    const { evaluations, options, ...defaults } = json
    const asks = evaluations.map((item) => required({ ...defaults, ...item }))
    const answers = await local.decideAll(asks, options.evaluations_semantic)
    response.end(JSON.stringify({ evaluations: answers.map(formatDecision) }))
  })
  const point = createRemoteDecisionPoint({
    pdp: server.pdp,
    authorization: () => Promise.resolve('Bearer fresh'),
    timeoutMs: 30_000,
    now: () => new Date(),
  })
  return {
    point,
    close: async () => {
      await point.close()
      await server.close()
      await local.close()
    },
  }
})

describe('a remote decision point that is in trouble', () => {
  const { ask } = toAsk(named('team-reads-unlabelled'))
  let asked = 0

  async function answered(handle: Handler, options: { readonly timeoutMs?: number } = {}): Promise<readonly string[]> {
    asked = 0
    const server = await listen((request, body, response) => {
      asked += 1
      return handle(request, body, response)
    })
    const point = createRemoteDecisionPoint({
      pdp: server.pdp,
      authorization: () => Promise.resolve('Bearer t'),
      now: () => new Date(),
      timeoutMs: 2000,
      ...options,
    })
    const answers = [await point.decide(ask), ...(await point.decideAll([ask, ask]))]
    await point.close()
    await server.close()
    return answers.map(({ effect, reasonCode }) => `${effect} ${reasonCode}`)
  }
  const refused = Array.from({ length: 3 }, () => 'deny pdp-unavailable')
  const permit = { decision: true, context: {} }

  test('denies when it answers with an error', async () => {
    for (const status of [400, 401, 403, 500, 503])
      assert.deepEqual(
        await answered((_, __, response) => void response.writeHead(status).end(JSON.stringify(permit))),
        refused,
      )
  })

  test('denies when it answers nonsense, or a permit without what makes it one', async () => {
    for (const body of [
      '',
      'yes',
      '{"decision":"true"}',
      '{"decision":true}',
      '[]',
      JSON.stringify(permit),
      '{"evaluations":[]}',
    ])
      assert.deepEqual(await answered((_, __, response) => void response.end(body)), refused)
  })

  test('denies when its answer has no end, and reads no more of it than an answer may have', async () => {
    let sent = 0
    const answers = await answered((_, __, response) => {
      const more = (): void => {
        if (response.destroyed) return
        sent += 65_536
        if (response.write(' '.repeat(65_536))) setImmediate(more)
        else response.once('drain', more)
      }
      more()
    })
    assert.deepEqual(answers, refused)
    assert.ok(sent < 32_000_000, String(sent))
  })

  test('denies when it is late', async () => {
    assert.deepEqual(await answered(() => {}, { timeoutMs: 40 }), refused)
  })

  test('denies when it answers another request', async () => {
    const answers = await answered((_, __, response) => {
      response.setHeader('x-request-id', 'b'.repeat(32))
      response.end(JSON.stringify(permit))
    })
    assert.deepEqual(answers, refused)
  })

  test('denies when it redirects, and takes its token nowhere else', async () => {
    const answers = await answered(
      (_, __, response) => void response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(),
    )
    assert.deepEqual(answers, refused)
  })

  test('denies when the token cannot be had', async () => {
    const point = createRemoteDecisionPoint({
      pdp: 'http://127.0.0.1:9',
      authorization: () => Promise.reject(new Error('no')),
      now: () => new Date(),
    })
    assert.equal((await point.decide(ask)).reasonCode, 'pdp-unavailable')
  })

  test('denies in time when the token is late, and asks nothing with it any more (AZ-38)', async () => {
    let calls = 0
    const server = await listen((_, __, response) => {
      calls += 1
      response.end('{}')
    })
    const point = createRemoteDecisionPoint({
      pdp: server.pdp,
      authorization: () => sleep(1500, 'Bearer late'),
      timeoutMs: 50,
      now: () => new Date(),
    })
    const began = performance.now()
    assert.equal((await point.decide(ask)).reasonCode, 'pdp-unavailable')
    assert.ok(performance.now() - began < 1000)
    await sleep(1600)
    assert.equal(calls, 0)
    await point.close()
    await server.close()
  })

  test('is left alone for a while once it has failed five times, and is tried again after that', async () => {
    let time = 0
    let healthy = false
    let calls = 0
    const server = await listen((_, __, response) => {
      calls += 1
      response.writeHead(healthy ? 200 : 500).end('{}')
    })
    const point = createRemoteDecisionPoint({
      pdp: server.pdp,
      authorization: () => Promise.resolve('Bearer t'),
      now: () => new Date(time),
    })
    for (let attempt = 0; attempt < 8; attempt += 1) await point.decide(ask)
    assert.equal(calls, 5)
    assert.equal(point.ready(), 'the decision point does not answer')
    time += 2000
    healthy = true
    await point.decide(ask)
    assert.deepEqual([calls, point.ready()], [6, undefined])
    await server.close()
  })

  test('that refuses a question refuses that one only, however often, and stays asked by everybody else', async () => {
    let refusing = 0
    let calls = 0
    const server = await listen((_, __, response) => {
      calls += 1
      response.writeHead(refusing || 200).end('{}')
    })
    const point = createRemoteDecisionPoint({
      pdp: server.pdp,
      authorization: () => Promise.resolve('Bearer t'),
      now: () => new Date(0),
      timeoutMs: 10_000,
    })
    const statuses = [400, 403, 404, 409, 413, 422]
    for (refusing of statuses) {
      const answers = [await point.decide(ask), ...(await point.decideAll([ask, ask]))]
      assert.deepEqual(
        answers.map(({ effect, reasonCode }) => `${effect} ${reasonCode}`),
        refused,
      )
    }
    assert.deepEqual([calls, point.ready()], [2 * statuses.length, undefined])
    await point.close()
    await server.close()
  })

  test('that takes no proof of ours, is in a hurry or asked too much has refused no question: it is in trouble', async () => {
    for (const status of [401, 408, 429]) {
      let calls = 0
      const server = await listen((_, __, response) => {
        calls += 1
        response.writeHead(status).end('{}')
      })
      const point = createRemoteDecisionPoint({
        pdp: server.pdp,
        authorization: () => Promise.resolve('Bearer t'),
        now: () => new Date(0),
        timeoutMs: 10_000,
      })
      for (let attempt = 0; attempt < 8; attempt += 1)
        assert.equal((await point.decide(ask)).reasonCode, 'pdp-unavailable')
      assert.deepEqual([calls, point.ready()], [5, 'the decision point does not answer'], String(status))
      await point.close()
      await server.close()
    }
  })

  test('that refuses a token which died is asked once more with another, and no answer is lost', async () => {
    let [current, taken] = ['Bearer one', 'Bearer two']
    const asked: (string | undefined)[] = []
    const server = await listen((request, _, response) => {
      asked.push(request.headers.authorization)
      response.writeHead(request.headers.authorization === taken ? 200 : 401).end('{}')
    })
    const forgotten: string[] = []
    const point = createRemoteDecisionPoint({
      pdp: server.pdp,
      authorization: () => Promise.resolve(current),
      forget: (refused) => {
        forgotten.push(refused)
        current = 'Bearer two'
      },
      now: () => new Date(0),
      timeoutMs: 10_000,
    })
    await point.decide(ask)
    assert.deepEqual([asked, forgotten, point.ready()], [['Bearer one', 'Bearer two'], ['Bearer one'], undefined])
    taken = 'none any more'
    for (let attempt = 0; attempt < 5; attempt += 1) await point.decide(ask)
    assert.deepEqual([asked.length, point.ready()], [12, 'the decision point does not answer'])
    await point.close()
    await server.close()
  })

  test('a permit with an obligation nobody knows is a deny', async () => {
    const local = createDecisionPoint({
      facts: { read: () => Promise.resolve(toAsk(named('team-reads-unlabelled')).facts) },
      rules: OWN_RULES,
      now: () => CORPUS_TIME,
      log: () => {},
    })
    const answer = await local.decide(ask)
    await local.close()
    const strange = { ...answer, obligations: [...answer.obligations, { id: 'x', type: 'levitate', properties: {} }] }
    const wire = JSON.stringify(formatDecision(strange as typeof answer)) // what a newer decision point might send
    const [first] = await answered(
      (request, _, response) => void response.end(request.url?.endsWith('evaluation') ? wire : '{}'),
    )
    assert.equal(first, 'deny obligation-unknown')
  })
})

describe('a page of questions from an app with many scopes', () => {
  const { ask, facts } = toAsk(named('team-reads-unlabelled'))
  const { question } = ask
  assert.ok('resource' in question)
  const { resource } = question
  const grants = Array.from({ length: 60 }, (_, at) => [`MedicationAdministration${at}.r`, `Observation${at}.s`]).flat()
  const bound = { ...ask.circumstance, grants: ['Observation.r', ...grants] }
  const about = (at: number, circumstance = bound): Ask => ({
    ...ask,
    circumstance,
    question: { ...question, resource: { ...resource, id: `obs-${at}` } },
  })
  /** The patient's own scope covers one type and the user's another, so they are bound to the launch in turns. */
  const mixed = (at: number): Ask => about(at, { ...bound, launchBound: at % 2 === 0 })

  /** Asks a decision point that reads no more than ours does, and tells how long each body was that it was sent. */
  async function askedInBytes(asks: readonly Ask[], semantics?: Semantics) {
    const local = createDecisionPoint({
      facts: { read: () => Promise.resolve(facts) },
      rules: OWN_RULES,
      now: () => CORPUS_TIME,
      log: () => {},
    })
    const bytes: number[] = []
    const server = await listen(async (_, body, response) => {
      bytes.push(Buffer.byteLength(body))
      if (Buffer.byteLength(body) > 256 * 1024) {
        response.writeHead(413).end()
        return
      }
      const { evaluations, options, ...defaults } = JSON.parse(body) as Batch // what our own client formatted
      const items = evaluations.map((item) => required({ ...defaults, ...item }))
      const answers = await local.decideAll(items, options.evaluations_semantic)
      response.end(JSON.stringify({ evaluations: answers.map(formatDecision) }))
    })
    const point = createRemoteDecisionPoint({
      pdp: server.pdp,
      authorization: () => Promise.resolve('Bearer t'),
      timeoutMs: 60_000,
      now: () => new Date(),
    })
    const answers = await point.decideAll(asks, semantics)
    await Promise.all([point.close(), local.close()])
    await server.close()
    return { bytes, answers, of: answers.map(({ effect, trace }) => `${effect} ${trace.resource ?? ''}`) }
  }
  const all = (count: number, effect = 'permit') =>
    Array.from({ length: count }, (_, at) => `${effect} Observation/obs-${at}`)

  test('that share all their circumstances is one body', async () => {
    const { bytes, of } = await askedInBytes(Array.from({ length: 200 }, (_, at) => about(at)))
    assert.equal(bytes.length, 1)
    assert.deepEqual(of, all(200))
  })

  test('that are bound to the launch in turns is answered in the order asked, like beside like, in bodies that are read', async () => {
    const { bytes, of } = await askedInBytes(Array.from({ length: 200 }, (_, at) => mixed(at)))
    assert.deepEqual(of, all(200))
    assert.equal(bytes.length, 2)
  })

  test('that have nothing in common is as many bodies as it takes', async () => {
    const asks = Array.from({ length: 200 }, (_, at) =>
      about(at, { ...bound, correlationId: `${at}`.padStart(32, '0') }),
    )
    const { bytes, of } = await askedInBytes(asks)
    assert.deepEqual(of, all(200))
    assert.ok(bytes.length > 2 && bytes.every((each) => each <= 256 * 1024), bytes.join(' '))
  })

  test('counts bytes, not letters', async () => {
    const labels = Array.from({ length: 20 }, (_, at) => `http://helse.no/${'æøå'.repeat(20)}|${at}`)
    const wordy = (at: number): Ask => ({
      ...about(at),
      question: { ...question, resource: { ...resource, id: `obs-${at}`, authors: labels } },
    })
    const { bytes, of } = await askedInBytes(Array.from({ length: 120 }, (_, at) => wordy(at)))
    assert.deepEqual(of, all(120))
    assert.ok(bytes.length > 1 && bytes.every((each) => each <= 256 * 1024), bytes.join(' '))
  })

  test('ends where its answers say so, also between two bodies', async () => {
    const ungranted = { ...bound, launchBound: false, grants: grants.concat('Nothing.r') }
    const asks = Array.from({ length: 200 }, (_, at) => (at === 170 ? about(at, ungranted) : mixed(at)))
    const { bytes, of } = await askedInBytes(asks, 'deny_on_first_deny')
    assert.deepEqual(of, [...all(170), 'deny Observation/obs-170'])
    assert.ok(bytes.length > 1 && bytes.every((each) => each <= 256 * 1024), bytes.join(' '))
  })

  test('leaves alone without an answer what is too long by itself', async () => {
    const endless = { ...bound, grants: Array.from({ length: 15_000 }, (_, at) => `MedicationAdministration${at}.r`) }
    const { bytes, answers } = await askedInBytes([about(0), about(1, endless), about(2)])
    assert.deepEqual(
      answers.map(({ effect, reasonCode }) => (effect === 'permit' ? effect : reasonCode)),
      ['permit', 'pdp-unavailable', 'permit'],
    )
    assert.ok(bytes.every((each) => each <= 256 * 1024))
  })
})

describe('what a decision point publishes about itself', () => {
  const { ask, facts } = toAsk(named('team-reads-unlabelled'))

  /** Asks until the metadata have been read, and says where the last question went and what came of it. */
  async function askedAfter(published: (pdp: string) => unknown, settled: string | RegExp) {
    const local = createDecisionPoint({
      facts: { read: () => Promise.resolve(facts) },
      rules: OWN_RULES,
      now: () => CORPUS_TIME,
      log: () => {},
    })
    const permit = JSON.stringify(formatDecision(await local.decide(ask)))
    await local.close()
    let asked = ''
    const server = await listen((request, _, response) => {
      asked = request.url ?? ''
      response.end(permit)
    }, published)
    const point = createRemoteDecisionPoint({
      pdp: server.pdp,
      authorization: () => Promise.resolve('Bearer t'),
      timeoutMs: 10_000,
      now: () => new Date(),
    })
    for (;;) {
      const { effect } = await point.decide(ask)
      const state = `${effect} ${asked} ${point.ready() ?? ''}`
      if (state.match(settled) === null) continue
      const both = await point.decideAll([ask, ask])
      await point.close()
      await server.close()
      return { state, effects: both.map((each) => each.effect) }
    }
  }

  test('is held against the identifier it was asked by, and another decision point is asked nothing more (AZ-28)', async () => {
    const { effects } = await askedAfter(
      (pdp) => ({
        policy_decision_point: `${pdp}/other`,
        access_evaluation_endpoint: `${pdp}/access/v1/evaluation`,
      }),
      /^deny .*another decision point/,
    )
    assert.deepEqual(effects, ['deny', 'deny'])
  })

  test('says where it is asked, and that it answers no batches, which are then asked one by one (AZ-29)', async () => {
    const { effects } = await askedAfter(
      (pdp) => ({ policy_decision_point: pdp, access_evaluation_endpoint: `${pdp}/elsewhere` }),
      /^permit \/pdp\/elsewhere/,
    )
    assert.deepEqual(effects, ['permit', 'permit'])
  })
})
