import type { LogEntry } from './log-entry.ts'

/** What one person did in the record in one go: an app alone asks a dozen times to draw one page. */
export type Look = {
  readonly first: LogEntry
  readonly from: Date
  readonly to: Date
  readonly activities: readonly string[]
  /** FHIR types that were read. */
  readonly types: readonly string[]
  readonly times: number
  /** True when every attempt was turned away. */
  readonly refused: boolean
}

/** Activities that are about somebody looking into the record, or being let to. */
const SHOWN: ReadonlySet<string> = new Set([
  'patient-opened',
  'fhir-access',
  'fhir-refused',
  'imaging-access',
  'imaging-refused',
  'app-state-access',
  'self-authorized',
  'break-glass-started',
  'block-changed',
])

const APART_MS = 60 * 60_000

/** Who did it, through what, by which right: what is the same in all of these was one look. */
const keyOf = ({ actor, clientId, source, decision, purpose, outcome, activity }: LogEntry): string =>
  JSON.stringify([
    actor.kind,
    actor.id,
    actor.role,
    clientId,
    source,
    decision?.id,
    purpose,
    outcome,
    singular(activity),
  ])

/** Taking a decision is an event of its own; reading is reading, however many times. */
const singular = (activity: string): string | null =>
  ['self-authorized', 'break-glass-started', 'block-changed'].includes(activity) ? activity : null

/** Joins lines into looks, newest first: what patients' own apps read for them too. Reading the log itself is no look. */
export function looksOf(entries: readonly LogEntry[]): readonly Look[] {
  const looks: Look[] = []
  const open = new Map<string, number>()
  for (const entry of entries) {
    if (!SHOWN.has(entry.activity)) continue
    const key = keyOf(entry)
    const index = open.get(key)
    const look = index === undefined ? undefined : looks[index]
    // Entries come newest first, so each belongs at the beginning of a look.
    if (index !== undefined && look !== undefined && look.from.getTime() - entry.at.getTime() <= APART_MS) {
      looks[index] = {
        ...look,
        from: entry.at,
        activities: distinct([...look.activities, entry.activity]),
        types: distinct([...look.types, ...(entry.type === null ? [] : [entry.type])]),
        times: look.times + 1,
      }
      continue
    }
    open.set(key, looks.length)
    looks.push({
      first: entry,
      from: entry.at,
      to: entry.at,
      activities: [entry.activity],
      types: entry.type === null ? [] : [entry.type],
      times: 1,
      refused: entry.outcome === 'refused' || entry.activity.endsWith('-refused'),
    })
  }
  return looks
}

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)]
