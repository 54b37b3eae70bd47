import { isProblem } from '@uthopp/smart-core/problem'
import { faultAnswer } from './answer/make-answer.ts'
import { parseDecision } from './authzen/decision.ts'
import { formatEvaluation, MOST_BODY_BYTES } from './authzen/evaluation.ts'
import { pinMetadata } from './authzen/pinned-metadata.ts'
import { isWellFormed } from './case/well-formed.ts'
import type { Ask, DecisionPoint, Semantics } from './decision-point.ts'
import { askInPages } from './elsewhere/ask-in-pages.ts'
import { createCaller, type Proof } from './elsewhere/create-caller.ts'
import { isObject } from './json-reading.ts'

export type RemoteOptions = Proof & {
  /** Identifier of the decision point; its endpoints are its own paths. */
  readonly pdp: string
  readonly timeoutMs?: number
  readonly now: () => Date
}

/** The server's own cap is 500 (AZ-19); answers to more would be held for too long. */
const MOST_ITEMS = 200

/** The same decision point over AuthZEN 1.0: whatever the network does, the worst answer is a deny (AZ-38). */
export function createRemoteDecisionPoint({ pdp, timeoutMs = 300, now, ...proof }: RemoteOptions): DecisionPoint {
  const { post, ready, close } = createCaller({ ...proof, mostBytes: MOST_BODY_BYTES, timeoutMs, now })
  const stopped = new AbortController()
  const metadata = pinMetadata(pdp, now, stopped.signal)

  async function single(ask: Ask): Promise<unknown> {
    const at = metadata.endpoints()
    return isProblem(at) ? undefined : await post(at.evaluation, JSON.stringify(formatEvaluation(ask)), ask)
  }

  return {
    decide: async (ask) => {
      if (!isWellFormed(ask)) return faultAnswer(ask, 'question-malformed', '')
      const answer = parseDecision(await single(ask))
      return isProblem(answer) ? faultAnswer(ask, 'pdp-unavailable', '') : answer
    },
    decideAll: askInPages({
      most: MOST_ITEMS,
      parse: parseDecision,
      mostBytes: MOST_BODY_BYTES,
      likeness: sharedText,
      write: (asks, semantics) => {
        const at = metadata.endpoints()
        if (isProblem(at)) return { bytes: 0, send: () => Promise.resolve(undefined) }
        const { evaluations: address } = at
        // A decision point that answers no batches (AZ-29) is asked one by one.
        if (address === null) return { bytes: 0, send: () => Promise.all(asks.map(single)) }
        const text = JSON.stringify(formatBatch(asks, semantics))
        return { bytes: Buffer.byteLength(text), send: async () => evaluationsIn(await post(address, text, asks[0])) }
      },
    }),
    ready: () => {
      const at = metadata.endpoints()
      return isProblem(at) ? at.reason : ready()
    },
    close: async () => {
      stopped.abort()
      await close()
      await metadata.settled()
    },
  }
}

function evaluationsIn(body: unknown): readonly unknown[] | undefined {
  const said = isObject(body) ? body['evaluations'] : undefined
  return Array.isArray(said) ? (said as readonly unknown[]) : undefined // each is parsed before it is believed
}

/** All that a batch may say once for all its items, if it is the same for all. */
const sharedText = ({ subject, circumstance }: Ask): string => JSON.stringify([subject, circumstance])

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
