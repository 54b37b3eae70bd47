import type { TraceEntry } from '../api/decisions.ts'
import { withGrounds } from './grounds.ts'
import { whyRefused } from './refused-request.ts'
import { type Withheld, withheldOf } from './withheld.ts'

/** One step of a launch, in the order it happened. */
export type Step = {
  readonly key: string
  readonly at: string
  readonly title: string
  readonly outcome: string
  /** Of a refusal that is not about scopes. */
  readonly why: string
  readonly watched: boolean
  readonly asked: readonly string[]
  readonly granted: readonly string[]
  readonly withheld: readonly (Withheld & {
    /** What would have been enough, each by itself. */
    readonly remedies: readonly string[]
  })[]
  readonly remedies: readonly string[]
  readonly letters: readonly Letter[]
  /** How many requests left the same line. */
  readonly times: number
}

type Letter = {
  readonly name: string
  readonly effect: string
  readonly code: string
  readonly rules: string
}

const TITLES: ReadonlyMap<string, string> = new Map([
  ['launch', 'May this person open the app?'],
  ['authorize', 'Scopes at authorize'],
  ['token', 'Scopes at code exchange'],
  ['refresh', 'Scopes at refresh'],
])

function titleOf({ activity, moment, what }: TraceEntry): string {
  const title = TITLES.get(moment ?? '') ?? activity.replaceAll('-', ' ')
  const { interaction = null, type = null } = what ?? {}
  const matter = [interaction, type].filter((part) => part !== null).join(' ')
  return matter === '' ? title : `${title}: ${matter}`
}

const remediesIn = ({ policy }: TraceEntry): readonly string[] => [
  ...new Set((policy?.would_differ ?? []).map(({ text }) => withGrounds(text.en))),
]

const whyOf = ({ reason }: TraceEntry): string =>
  reason === undefined ? '' : [reason.text?.en, reason.code].filter(Boolean).join(', ')

/** `patient/Observation.r deny no-care-relation rule-a,rule-b`, as the record has it. */
function readLetter(line: string): Letter {
  const [name = '', effect = '', code = '', ...rules] = line.split(' ')
  return { name, effect, code, rules: rules.join(' ') }
}

/** Letters policy was never asked about stand beside those it was, so that none of what was asked for is missing. */
const unasked = (withheld: readonly Withheld[], asked: readonly Letter[]): readonly Letter[] =>
  withheld.flatMap(({ scope, letters, code, sentence }) =>
    letters
      .map((letter) => scope.replace(/\.[a-z*]+(?=\?|$)/, `.${letter}`))
      .filter((name) => !asked.some((one) => one.name === name))
      .map((name) => ({ name, effect: 'withheld', code, rules: sentence })),
  )

/** Requests that left the same line are one line with a number; scopes are told each time. */
function gathered(steps: readonly Step[]): readonly Step[] {
  const lines = new Map<string, Step>()
  for (const step of steps) {
    const { title, outcome, why, watched, remedies } = step
    const told = step.asked.length > 0 || step.letters.length > 0 || step.withheld.length > 0
    const line = told ? step.key : JSON.stringify([title, outcome, why, watched, remedies])
    const known = lines.get(line)
    lines.set(line, known === undefined ? step : { ...known, times: known.times + 1 })
  }
  return [...lines.values()]
}

/**
 * Makes steps of records: those of one decision, one a reason, belong together, and the first of them has the scopes.
 */
export function stepsOf(entries: readonly TraceEntry[]): readonly Step[] {
  const sentences = new Map(
    entries.flatMap(({ reason }) => (reason?.text ? [[reason.code, reason.text.en] as const] : [])),
  )
  const remedies = new Map(entries.map((entry) => [entry.reason?.code ?? '', remediesIn(entry)] as const))
  let held: readonly string[] = []
  const steps = entries.flatMap((entry): readonly Step[] => {
    const { activity, moment, letters, asked, granted } = entry
    if (granted !== undefined) held = granted
    // The other records of a decision, and the one that says that it is over, add nothing here.
    if (letters === undefined && (moment !== undefined || activity === 'scope-decided')) return []
    const withheld = withheldOf(entry, sentences)
    const answered = (letters ?? []).map(readLetter)
    const refused = whyRefused(entry, held)
    return [
      {
        key: entry.record,
        at: entry.at,
        title: titleOf(entry),
        outcome: entry.outcome,
        why: entry.outcome === 'ok' || (letters !== undefined && moment !== 'launch') ? '' : refused || whyOf(entry),
        watched: entry.enforced === false,
        asked: asked ?? [],
        granted: granted ?? [],
        withheld: withheld.map((one) => ({ ...one, remedies: remedies.get(one.code) ?? [] })),
        remedies: moment === 'launch' || letters === undefined ? remediesIn(entry) : [],
        letters: answered.length === 0 ? [] : [...answered, ...unasked(withheld, answered)],
        times: 1,
      },
    ]
  })
  return gathered(steps)
}
