import type { TraceEntry } from '../api/decisions.ts'

/** One step of a launch, in the order it happened. */
export type Step = {
  readonly key: string
  readonly at: string
  readonly title: string
  readonly outcome: string
  readonly watched: boolean
  readonly asked: readonly string[]
  readonly granted: readonly string[]
  readonly withheld: readonly { readonly scope: string; readonly code: string; readonly sentence: string }[]
  readonly letters: readonly Letter[]
}

export type Letter = {
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

const titleOf = ({ activity, moment }: TraceEntry): string => TITLES.get(moment ?? '') ?? activity.replaceAll('-', ' ')

/** `patient/Observation.r deny no-care-relation rule-a,rule-b`, as the record has it. */
export function readLetter(line: string): Letter {
  const [name = '', effect = '', code = '', ...rules] = line.split(' ')
  return { name, effect, code, rules: rules.join(' ') }
}

/**
 * Makes steps of records: those of one decision, one a reason, belong together, and the first of them has the scopes.
 */
export function stepsOf(entries: readonly TraceEntry[]): readonly Step[] {
  const sentences = new Map(
    entries.flatMap(({ reason }) => (reason?.text ? [[reason.code, reason.text.en] as const] : [])),
  )
  return entries.flatMap((entry) => {
    const { moment, letters, asked, granted, withheld } = entry
    const isDecision = moment !== undefined
    if (isDecision && letters === undefined) return []
    return [
      {
        key: entry.record,
        at: entry.at,
        title: titleOf(entry),
        outcome: entry.outcome,
        watched: entry.enforced === false,
        asked: asked ?? [],
        granted: granted ?? [],
        withheld: (withheld ?? []).map(({ scope, code }) => ({ scope, code, sentence: sentences.get(code) ?? '' })),
        letters: (letters ?? []).map(readLetter),
      },
    ]
  })
}
