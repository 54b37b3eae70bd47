import {
  type CaseFacts,
  type FactsAsked,
  type FactSource,
  FactsUnavailable,
  type PatientFacts,
  type PersonFacts,
} from './facts.ts'

/** One line of the host's change stream. */
export type FactChange = { readonly kind: 'patient' | 'user'; readonly id: string }

/** Facts remembered for a moment, and only while the host is heard to say what changes. */
export type FactCache = FactSource & {
  readonly noteChange: (change: FactChange) => void
  /** A heartbeat was heard. Nothing else makes fresh: behind one line of a backlog there may be more of it. */
  readonly noteAlive: () => void
  readonly isFresh: () => boolean
  /**
   * Stays the same while nothing is heard of this person and these patients; undefined while the host is not heard. What was
   * worked out under one mark may be used again under the same, for as long as facts may.
   */
  readonly markOf: (user: string, patients: readonly string[]) => string | undefined
}

export const MOST_AGE_MS = 4000
const MOST_SILENCE_MS = 2000
const MOST_ENTRIES = 20_000

type Kept = {
  readonly person: PersonFacts | null
  readonly patient: PatientFacts | null
  readonly at: Date
  readonly keptAt: number
}

/**
 * One cache a trust. Remembers for at most 4 s what a source says; silence of more than 2 s makes all of it, and the source, unusable, because
 * a block or an ended decision may be waiting behind it.
 */
export function createFactCache({ source, now }: { readonly source: FactSource; readonly now: () => Date }): FactCache {
  const kept = new Map<string, Kept>()
  /** Keys of what is kept, by the person and by the patient it is about. */
  const about = new Map<string, Set<string>>()
  // Marks of change: what was asked before a change may arrive after it, and must not be kept then.
  const changed = new Map<string, number>()
  let changes = 0
  let forgotten = 0
  let heardAt = Number.NEGATIVE_INFINITY

  const isFresh = (): boolean => {
    const silence = now().getTime() - heardAt
    return silence >= 0 && silence <= MOST_SILENCE_MS
  }

  const requireFresh = (): void => {
    if (!isFresh()) throw new FactsUnavailable('the change stream of the host is silent')
  }

  const find = (key: string): Kept | undefined => {
    const found = kept.get(key)
    if (found === undefined) return undefined
    const age = now().getTime() - found.keptAt
    if (age >= 0 && age < MOST_AGE_MS) return found
    kept.delete(key)
    return undefined
  }

  function keep({ user }: FactsAsked, patient: string | null, key: string, entry: Kept): void {
    if (kept.size >= MOST_ENTRIES) {
      kept.clear()
      about.clear()
    }
    kept.set(key, entry)
    for (const subject of [`user ${user ?? ''}`, `patient ${patient ?? ''}`]) {
      const keys = about.get(subject) ?? new Set()
      about.set(subject, keys.add(key))
    }
  }

  /** What was read counts only if the host is still heard when it arrives. */
  const readFresh: FactSource['read'] = async (asked, options) => {
    const read = await source.read(asked, options)
    if (!isFresh()) throw new FactsUnavailable('the change stream of the host fell silent')
    return read
  }

  return {
    isFresh,
    markOf: (user, patients) =>
      isFresh()
        ? [
            forgotten,
            ...[`user ${user}`, ...patients.map((id) => `patient ${id}`)].map((key) => changed.get(key) ?? 0),
          ].join()
        : undefined,
    noteAlive: () => {
      heardAt = now().getTime()
    },
    noteChange: ({ kind, id }) => {
      changes += 1
      changed.set(`${kind} ${id}`, changes)
      for (const key of about.get(`${kind} ${id}`) ?? []) kept.delete(key)
      about.delete(`${kind} ${id}`)
      if (changed.size > MOST_ENTRIES) {
        changed.clear()
        forgotten = changes
      }
    },
    read: async (asked, options) => {
      requireFresh()
      const wanted = [null, ...asked.patients].map((patient) => [patient, keyOf(asked, patient)] as const)
      const found = wanted.map(([patient, key]) => [patient, find(key)] as const)
      const first = found[0]?.[1]
      const missing = found.flatMap(([patient, entry]) => (patient !== null && entry === undefined ? [patient] : []))
      if (first !== undefined && missing.length === 0) return together(first, found)
      const before = changes
      const started = now().getTime()
      const read = await readFresh({ ...asked, patients: missing }, options)
      const touched = (kind: 'patient' | 'user', id: string | null): boolean =>
        forgotten > before || (id !== null && (changed.get(`${kind} ${id}`) ?? 0) > before)
      const person = { person: read.person, at: read.at, keptAt: started }
      const stale = touched('user', asked.user)
      if (!stale) keep(asked, null, keyOf(asked, null), { ...person, patient: null })
      for (const patient of missing)
        if (!stale && !touched('patient', patient))
          keep(asked, patient, keyOf(asked, patient), { ...person, patient: read.patients.get(patient) ?? null })
      // Half of the answer may stand from before a change that the other half already knows: ask for all of it again.
      const outrun = stale || asked.patients.some((patient) => touched('patient', patient))
      if (outrun && missing.length < asked.patients.length) return await readFresh(asked, options)
      return together({ ...person, patient: null }, [
        ...found.filter(([, entry]) => entry !== undefined),
        ...[...read.patients].map(([id, patient]) => [id, { ...person, patient }] as const),
      ])
    },
  }
}

const keyOf = ({ tenant, user, role }: FactsAsked, patient: string | null): string =>
  JSON.stringify([tenant, user, role, patient])

function together(first: Kept, found: readonly (readonly [string | null, Kept | undefined])[]): CaseFacts {
  const patients = new Map<string, PatientFacts>()
  for (const [id, entry] of found) if (id !== null && entry?.patient) patients.set(id, entry.patient)
  return { person: first.person, at: first.at, patients }
}
