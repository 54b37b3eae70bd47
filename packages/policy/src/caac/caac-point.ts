import { faultAnswer } from '#src/answer/make-answer.ts'
import type { DecisionPoint } from '#src/decision-point.ts'
import { askInPages } from '#src/elsewhere/ask-in-pages.ts'
import { createCaller } from '#src/elsewhere/create-caller.ts'
import { isObject } from '#src/json-reading.ts'
import { formatQuestion } from './format-question.ts'
import { parseAnswer } from './parse-answer.ts'
import { MOST_BYTES, MOST_QUESTIONS, SEMANTICS_WORDS } from './words.ts'

/**
 * The host's own context-aware access control, asked like any other decision point.
 *
 * Silence, an error, an answer too few or too many or one not wholly understood is a deny of its own.
 */
export function createCaacDecisionPoint(options: {
  /** `<host>/<orgnr>/caac/decide`. */
  readonly address: string
  /** A whole `Authorization` header value. */
  readonly bearer: () => Promise<string>
  readonly timeoutMs: number
  readonly now: () => Date
}): DecisionPoint {
  const { address, bearer, timeoutMs, now } = options
  const { post, ready, close } = createCaller({ authorization: bearer, mostBytes: MOST_BYTES, timeoutMs, now })
  const decideAll = askInPages({
    most: MOST_QUESTIONS,
    parse: parseAnswer,
    mostBytes: MOST_BYTES,
    likeness: () => '', // every question says everything itself
    write: (asks, semantics) => {
      const text = JSON.stringify({ fremgang: SEMANTICS_WORDS[semantics], sporsmal: asks.map(formatQuestion) })
      return { bytes: Buffer.byteLength(text), send: async () => answersIn(await post(address, text, asks[0])) }
    },
  })
  return {
    decideAll,
    decide: async (ask) => (await decideAll([ask]))[0] ?? faultAnswer(ask, 'pdp-unavailable', ''),
    ready,
    close,
  }
}

function answersIn(body: unknown): readonly unknown[] | undefined {
  const said = isObject(body) ? body['svar'] : undefined
  return Array.isArray(said) ? (said as readonly unknown[]) : undefined // each is parsed before it is believed
}
