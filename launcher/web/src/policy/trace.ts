import type { TraceEntry } from '../api/decisions.ts'

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
  readonly withheld: readonly {
    readonly scope: string
    readonly code: string
    readonly sentence: string
    /** What would have been enough, each by itself. */
    readonly remedies: readonly string[]
  }[]
  readonly remedies: readonly string[]
  readonly letters: readonly Letter[]
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
  const { interaction = null, type = null, count = null } = what ?? {}
  const matter = [interaction, type].filter((part) => part !== null).join(' ')
  if (matter === '') return title
  return `${title}: ${matter}${count === null ? '' : ` (${count})`}`
}

const remediesIn = ({ policy }: TraceEntry): readonly string[] => [
  ...new Set((policy?.would_differ ?? []).map(({ text }) => text.en)),
]

const whyOf = ({ reason }: TraceEntry): string =>
  reason === undefined ? '' : [reason.text?.en, reason.code].filter(Boolean).join(', ')

/** `patient/Observation.r deny no-care-relation rule-a,rule-b`, as the record has it. */
function readLetter(line: string): Letter {
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
  const remedies = new Map(entries.map((entry) => [entry.reason?.code ?? '', remediesIn(entry)] as const))
  return entries.flatMap((entry) => {
    const { activity, moment, letters, asked, granted, withheld } = entry
    // The other records of a decision, and the one that says that it is over, add nothing here.
    if (letters === undefined && (moment !== undefined || activity === 'scope-decided')) return []
    return [
      {
        key: entry.record,
        at: entry.at,
        title: titleOf(entry),
        outcome: entry.outcome,
        why: entry.outcome === 'ok' || (letters !== undefined && moment !== 'launch') ? '' : whyOf(entry),
        watched: entry.enforced === false,
        asked: asked ?? [],
        granted: granted ?? [],
        withheld: (withheld ?? []).map(({ scope, code }) => ({
          scope,
          code,
          sentence: sentences.get(code) ?? '',
          remedies: remedies.get(code) ?? [],
        })),
        remedies: moment === 'launch' || letters === undefined ? remediesIn(entry) : [],
        letters: (letters ?? []).map(readLetter),
      },
    ]
  })
}
