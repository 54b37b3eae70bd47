import type { Answer } from '@uthopp/policy/answer'
import { type DecisionPoint, type Ask, type Semantics, SEMANTICS } from '@uthopp/policy/decision-point'
import { refuse } from '@uthopp/server-kit/refusal'
import { isProblem, type Problem } from '@uthopp/smart-core/problem'
import { isObject, type Members } from './wire-body.ts'

/** AZ-19. */
const MOST_ITEMS = 500

/** What one item of a batch came to before it is asked: a question, or what is wrong with it. */
export type ReadItem = (item: Members) => Ask | ItemFault
export type ItemFault = { readonly kind: 'fault'; readonly status: 400 | 403; readonly message: string }

const faultOf = (problem: Problem): ItemFault => ({ kind: 'fault', status: 400, message: problem.reason })
const isFault = (item: Ask | ItemFault): item is ItemFault => 'kind' in item

type Decision = Readonly<Record<string, unknown>>
type FormatDecision = (answer: Answer) => Decision

/** A bad item is a deny that says why; its neighbours are answered (AZ-17). */
const formatFault = ({ status, message }: ItemFault): Decision => ({
  decision: false,
  context: { error: { status, message } },
})

const DEFAULTED = ['subject', 'action', 'resource', 'context'] as const

/** Items with what they do not say themselves taken over from above: whole members, never merged (AZ-13). */
function itemsOf(body: Members): readonly Members[] | undefined {
  const { evaluations } = body
  if (evaluations === undefined) return undefined
  if (!Array.isArray(evaluations)) return refuse(400, 'invalid_request', '`evaluations` must be a list')
  if (evaluations.length > MOST_ITEMS) return refuse(413, 'payload_too_large', `at most ${MOST_ITEMS} evaluations`)
  if (evaluations.length === 0) return undefined
  const defaults = Object.fromEntries(DEFAULTED.flatMap((name) => (name in body ? [[name, body[name]]] : [])))
  return evaluations.map((item: unknown, at) =>
    isObject(item)
      ? { ...defaults, ...item }
      : refuse(400, 'invalid_request', `\`evaluations[${at}]\` must be an object`),
  )
}

function semanticsOf({ options }: Members): Semantics {
  if (options === undefined) return 'execute_all'
  if (!isObject(options)) return refuse(400, 'invalid_request', '`options` must be an object')
  const asked = options['evaluations_semantic'] ?? 'execute_all'
  return (
    SEMANTICS.find((known) => known === asked) ??
    refuse(400, 'invalid_request', '`options.evaluations_semantic` is not one of the standard')
  )
}

/** True when a batch ends with this answer. */
const ends = (semantics: Semantics, permitted: boolean): boolean =>
  (semantics === 'deny_on_first_deny' && !permitted) || (semantics === 'permit_on_first_permit' && permitted)

/** Questions between two faults are asked together; under the last two semantics nothing is asked past the end. */
async function decideInOrder(
  point: DecisionPoint,
  items: readonly (Ask | ItemFault)[],
  semantics: Semantics,
  format: FormatDecision,
): Promise<readonly Decision[]> {
  const decisions: Decision[] = []
  let waiting: Ask[] = []
  const askWaiting = async (): Promise<boolean> => {
    const answers = waiting.length === 0 ? [] : await point.decideAll(waiting, semantics)
    const short = answers.length < waiting.length
    decisions.push(...answers.map(format))
    waiting = []
    const last = answers.at(-1)
    return short || (last !== undefined && ends(semantics, last.effect === 'permit'))
  }
  for (const item of items) {
    if (!isFault(item)) {
      waiting.push(item)
      continue
    }
    if (waiting.length > 0 && (await askWaiting())) return decisions
    decisions.push(formatFault(item))
    if (ends(semantics, false)) return decisions
  }
  if (waiting.length > 0) await askWaiting()
  return decisions
}

/**
 * AuthZEN 1.0, "Access Evaluations API". Without items it is the single evaluation, in question and in answer (AZ-14); then
 * undefined is answered here.
 */
export async function evaluateBatch(
  point: DecisionPoint,
  body: Members,
  read: ReadItem,
  format: FormatDecision,
): Promise<{ readonly evaluations: readonly Decision[] } | undefined> {
  const semantics = semanticsOf(body)
  const items = itemsOf(body)
  if (items === undefined) return undefined
  const asks = items.map(read)
  if (semantics !== 'execute_all') return { evaluations: await decideInOrder(point, asks, semantics, format) }
  const answers = (await point.decideAll(asks.filter((ask): ask is Ask => !isFault(ask)))).values()
  const evaluations = asks.map((ask) => {
    if (isFault(ask)) return formatFault(ask)
    const { value: answer } = answers.next()
    // A question nobody answered is no permit.
    return answer === undefined ? { decision: false } : format(answer)
  })
  return { evaluations }
}

export const readWith =
  (parse: (item: Members) => Ask | Problem, allowed: (ask: Ask) => ItemFault | undefined): ReadItem =>
  (item) => {
    const ask = parse(item)
    return isProblem(ask) ? faultOf(ask) : (allowed(ask) ?? ask)
  }
