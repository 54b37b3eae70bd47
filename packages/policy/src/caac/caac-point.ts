import { isProblem } from '@uthopp/smart-core/problem'
import type { Answer } from '#src/answer.ts'
import { faultAnswer } from '#src/answer/make-answer.ts'
import type { Ask, DecisionPoint, Semantics } from '#src/decision-point.ts'
import { formatQuestion } from './format-question.ts'
import { parseAnswer } from './parse-answer.ts'
import { MOST_QUESTIONS, SEMANTICS_WORDS } from './words.ts'

const NO_VERSION = ''

/** Whether the rest need not be asked, because an answer has settled the whole. */
const settles = (answer: Answer, semantics: Semantics): boolean =>
  (semantics === 'deny_on_first_deny' && answer.effect === 'deny') ||
  (semantics === 'permit_on_first_permit' && answer.effect === 'permit')

/**
 * The host's own context-aware access control, asked like any other decision point.
 *
 * Silence, an error, an answer too few or one not wholly understood is a deny of its own.
 */
export function createCaacDecisionPoint(options: {
  /** `<host>/<orgnr>/caac/decide`. */
  readonly address: string
  /** A whole `Authorization` header value. */
  readonly bearer: () => Promise<string>
  readonly timeoutMs: number
}): DecisionPoint {
  const { address, bearer, timeoutMs } = options

  async function ask(asks: readonly Ask[], semantics: Semantics): Promise<readonly unknown[]> {
    const [first] = asks
    const answer = await fetch(address, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        authorization: await bearer(),
        'content-type': 'application/json',
        ...(first === undefined ? {} : { traceparent: first.circumstance.traceparent }),
      },
      body: JSON.stringify({ fremgang: SEMANTICS_WORDS[semantics], sporsmal: asks.map(formatQuestion) }),
    })
    const body: unknown = answer.ok ? await answer.json() : await answer.body?.cancel()
    const said = typeof body === 'object' && body !== null && 'svar' in body ? body.svar : undefined
    return Array.isArray(said) ? (said as readonly unknown[]) : [] // each is parsed before it is believed
  }

  async function decidePage(asks: readonly Ask[], semantics: Semantics): Promise<readonly Answer[]> {
    const said = await ask(asks, semantics).catch((): readonly unknown[] => [])
    const answers: Answer[] = []
    for (const [index, each] of asks.entries()) {
      const read = parseAnswer(said[index])
      const answer = isProblem(read) ? faultAnswer(each, 'pdp-unavailable', NO_VERSION) : read
      answers.push(answer)
      if (settles(answer, semantics)) break
    }
    return answers
  }

  async function decideAll(asks: readonly Ask[], semantics: Semantics = 'execute_all'): Promise<readonly Answer[]> {
    const answers: Answer[] = []
    for (let from = 0; from < asks.length; from += MOST_QUESTIONS) {
      const page = await decidePage(asks.slice(from, from + MOST_QUESTIONS), semantics)
      answers.push(...page)
      const last = page.at(-1)
      if (last !== undefined && settles(last, semantics)) break
    }
    return answers
  }

  return {
    decideAll,
    decide: async (each) => (await decideAll([each]))[0] ?? faultAnswer(each, 'pdp-unavailable', NO_VERSION),
    close: () => Promise.resolve(),
    ready: () => undefined,
  }
}
