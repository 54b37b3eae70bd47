import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { createCaacDecisionPoint } from '@uthopp/policy/caac-point'
import { decisionPointContract, named } from '@uthopp/policy/contract'
import { CORPUS_TIME, toAsk } from '@uthopp/policy/corpus'
import { createDecisionPoint } from '@uthopp/policy/in-process'
import { OWN_RULES } from '@uthopp/policy/rule-book'
import { newTrace } from '@uthopp/server-kit/trace'
import { isProblem } from '@uthopp/smart-core/problem'
import { formatAnswer } from '#src/caac/format-answer.ts'
import { parseQuestions } from '#src/caac/parse-question.ts'

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer) // no encoding is set, so these are bytes
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}

async function listen(handle: RequestListener) {
  const server = createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server that listens has one
  return {
    address: `http://127.0.0.1:${port}/decide`,
    close: () => {
      server.closeAllConnections()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

decisionPointContract('in the words of the host', async (facts) => {
  const local = createDecisionPoint({ facts, rules: OWN_RULES, now: () => CORPUS_TIME, log: () => {} })
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = parseQuestions(await bodyOf(request), newTrace())
    assert.ok(!isProblem(asked), JSON.stringify(asked))
    const answers = await local.decideAll(asked.asks, asked.semantics)
    response.end(JSON.stringify({ svar: answers.map(formatAnswer) }))
  }
  const { address, close } = await listen((request, response) => void answer(request, response))
  const bearer = () => Promise.resolve('Bearer fresh')
  const point = createCaacDecisionPoint({ address, bearer, timeoutMs: 30_000, now: () => new Date() })
  return {
    point,
    close: async () => {
      await point.close()
      await close()
      await local.close()
    },
  }
})

describe('an access control of the host that is in trouble', () => {
  const { ask, facts } = toAsk(named('team-reads-unlabelled'))

  async function permitted(): Promise<object> {
    const local = createDecisionPoint({
      facts: { read: () => Promise.resolve(facts) },
      rules: OWN_RULES,
      now: () => CORPUS_TIME,
      log: () => {},
    })
    const answer = await local.decide(ask)
    await local.close()
    return formatAnswer(answer)
  }

  async function told(handle: RequestListener, asks = 2): Promise<readonly string[]> {
    const { address, close } = await listen(handle)
    const bearer = () => Promise.resolve('Bearer t')
    const point = createCaacDecisionPoint({ address, bearer, timeoutMs: 2000, now: () => new Date() })
    const answers = await point.decideAll(Array.from({ length: asks }, () => ask))
    await point.close()
    await close()
    return answers.map(({ effect, reasonCode }) => `${effect} ${reasonCode}`)
  }
  const refused = ['deny pdp-unavailable', 'deny pdp-unavailable']

  test('that answers more or fewer questions than were asked has answered none', async () => {
    const permit = await permitted()
    for (const count of [0, 1, 3]) {
      const svar = Array.from({ length: count }, () => permit)
      assert.deepEqual(await told((_, response) => void response.end(JSON.stringify({ svar }))), refused, String(count))
    }
    const svar = [permit, permit]
    assert.deepEqual(await told((_, response) => void response.end(JSON.stringify({ svar }))), [
      'permit care-relation',
      'permit care-relation',
    ])
  })

  test('that answers another request has answered none', async () => {
    const svar = [await permitted()]
    const answers = await told((_, response) => {
      response.setHeader('x-request-id', 'b'.repeat(32))
      response.end(JSON.stringify({ svar }))
    }, 1)
    assert.deepEqual(answers, ['deny pdp-unavailable'])
  })

  test('that talks without an end is not listened to', async () => {
    let sent = 0
    const answers = await told((_, response) => {
      const more = (): void => {
        if (response.destroyed) return
        sent += 65_536
        if (response.write(' '.repeat(65_536))) setImmediate(more)
        else response.once('drain', more)
      }
      more()
    })
    assert.deepEqual(answers, refused)
    assert.ok(sent < 16_000_000, String(sent))
  })

  test('is left alone for a while once it has failed five times, and says so', async () => {
    let time = 0
    let calls = 0
    const { address, close } = await listen((_, response) => {
      calls += 1
      response.writeHead(500).end()
    })
    const bearer = () => Promise.resolve('Bearer t')
    const point = createCaacDecisionPoint({ address, bearer, timeoutMs: 2000, now: () => new Date(time) })
    for (let attempt = 0; attempt < 8; attempt += 1) await point.decide(ask)
    assert.deepEqual([calls, point.ready()], [5, 'the decision point does not answer'])
    time += 2000
    await Promise.all([point.decide(ask), point.decide(ask), point.decide(ask)])
    assert.equal(calls, 6)
    await close()
  })

  test('is not asked what makes no sense', async () => {
    let calls = 0
    const { address, close } = await listen((_, response) => {
      calls += 1
      response.end('{}')
    })
    const bearer = () => Promise.resolve('Bearer t')
    const point = createCaacDecisionPoint({ address, bearer, timeoutMs: 2000, now: () => new Date() })
    assert.ok('resource' in ask.question)
    const odd = { ...ask, question: { ...ask.question, resource: { ...ask.question.resource, type: 'A/b' } } }
    assert.equal((await point.decide(odd)).reasonCode, 'question-malformed')
    assert.equal(calls, 0)
    await close()
  })
})
