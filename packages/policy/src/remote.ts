import { isProblem } from '@uthopp/smart-core/problem'
import type { Answer } from './answer.ts'
import { faultAnswer } from './answer/make-answer.ts'
import { parseDecision } from './authzen/decision.ts'
import { formatEvaluation } from './authzen/evaluation.ts'
import { createBreaker } from './breaker.ts'
import { isWellFormed } from './case/well-formed.ts'
import type { Ask, DecisionPoint, Semantics } from './decision-point.ts'
import { isObject } from './json-reading.ts'

export type RemoteOptions = {
  /** Identifier of the decision point; its endpoints are its own paths. */
  readonly pdp: string
  /** A token for it, fresh enough to use now. */
  readonly bearer: () => Promise<string>
  readonly timeoutMs?: number
  readonly now: () => Date
}

/** The server's own cap is 500; shared subject and context keep this many well below its body limit (AZ-19). */
const MOST_ITEMS = 200
const LONGEST_ANSWER = 4_000_000

/** The same decision point over AuthZEN 1.0: whatever the network does, the worst answer is a deny (AZ-38). */
export function createRemoteDecisionPoint({ pdp, bearer, timeoutMs = 300, now }: RemoteOptions): DecisionPoint {
  const breaker = createBreaker(now)
  const stopped = new AbortController()

  /** Undefined for anything that is no answer. */
  async function post(path: string, body: unknown, { circumstance }: Ask): Promise<unknown> {
    if (!breaker.allows()) return undefined
    try {
      const token = await bearer()
      const response = await fetch(`${pdp}/access/v1/${path}`, {
        method: 'POST',
        redirect: 'error',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'x-request-id': circumstance.correlationId,
          ...(circumstance.traceparent === '' ? {} : { traceparent: circumstance.traceparent }),
        },
        body: JSON.stringify(body),
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), stopped.signal]),
      })
      const text = await response.text()
      const echoed = response.headers.get('x-request-id')
      if (response.status !== 200 || text.length > LONGEST_ANSWER) throw new Error(`answered ${response.status}`)
      // An answer to somebody else's question is no answer to ours (AZ-34).
      if (echoed !== null && echoed !== circumstance.correlationId) throw new Error('answered another request')
      const json: unknown = JSON.parse(text)
      breaker.note(true)
      return json
    } catch {
      breaker.note(false)
      return undefined
    }
  }

  const unavailable = (ask: Ask): Answer => faultAnswer(ask, 'pdp-unavailable', '')

  const read = (body: unknown, ask: Ask): Answer => {
    const answer = body === undefined ? undefined : parseDecision(body)
    return answer === undefined || isProblem(answer) ? unavailable(ask) : answer
  }

  async function batch(asks: readonly [Ask, ...Ask[]], semantics: Semantics): Promise<readonly Answer[]> {
    const body = await post('evaluations', formatBatch(asks, semantics), asks[0])
    const answers =
      isObject(body) && Array.isArray(body['evaluations']) ? (body['evaluations'] as readonly unknown[]) : []
    const parsed = asks.slice(0, answers.length).map((ask, index) => read(answers[index], ask))
    const last = parsed.at(-1)
    const complete = parsed.length === asks.length || (last !== undefined && stops(semantics, last))
    if (answers.length > asks.length || !complete) return stopAfterFirst(asks.map(unavailable), semantics)
    return stopAfterFirst(parsed, semantics)
  }

  return {
    decide: async (ask) =>
      isWellFormed(ask)
        ? read(await post('evaluation', formatEvaluation(ask), ask), ask)
        : faultAnswer(ask, 'question-malformed', ''),
    decideAll: async (asks, semantics = 'execute_all') => {
      const answers: Answer[] = []
      for (let start = 0; start < asks.length; start += MOST_ITEMS) {
        const [first, ...rest] = asks.slice(start, start + MOST_ITEMS)
        if (first === undefined) break
        answers.push(...(await batch([first, ...rest], semantics)))
        const last = answers.at(-1)
        if (last && stops(semantics, last)) break
      }
      return answers
    },
    ready: () => (breaker.isClosed() ? undefined : 'the decision point does not answer'),
    close: () => {
      stopped.abort()
      return Promise.resolve()
    },
  }
}

const stops = (semantics: Semantics, { effect }: Answer): boolean =>
  (semantics === 'deny_on_first_deny' && effect === 'deny') ||
  (semantics === 'permit_on_first_permit' && effect === 'permit')

/** A decision point that goes on after the first must not be believed beyond it. */
function stopAfterFirst(answers: readonly Answer[], semantics: Semantics): readonly Answer[] {
  const at = answers.findIndex((answer) => stops(semantics, answer))
  return at < 0 ? answers : answers.slice(0, at + 1)
}

/** What all items share stands once, as defaults; an item that names a member replaces the whole of it (AZ-13). */
function formatBatch(asks: readonly Ask[], semantics: Semantics): Readonly<Record<string, unknown>> {
  const items = asks.map(formatEvaluation)
  const [first] = items
  const shared = (['subject', 'context'] as const).filter((name) =>
    items.every((item) => JSON.stringify(item[name]) === JSON.stringify(first?.[name])),
  )
  const defaults = Object.fromEntries(shared.map((name) => [name, first?.[name]]))
  const evaluations = items.map((item) =>
    Object.fromEntries(Object.entries(item).filter(([name]) => !(name in defaults))),
  )
  return { ...defaults, evaluations, options: { evaluations_semantic: semantics } }
}
