import type { Turnstile } from './turnstile.ts'

/** Bounds how long one batch keeps the thread and how much has to be done again when the engine gives a batch up. */
const MOST_MEMBERS = 100

/** For how many ticks a batch may wait for company. */
const MOST_TICKS = 3

/** How a batch is begun and ended on its connection. */
export type Batching = {
  readonly begin: () => void
  readonly commit: () => void
  readonly rollback: () => void
  readonly isOpen: () => boolean
  /** True when a commit was refused for what the statements wrote, not for what became of the disk. */
  readonly isViolation: (error: unknown) => boolean
}

/** One caller's statement. `attempt` may be made again after everything it did was undone; nobody hears of it before `answer`. */
type Member = {
  readonly writes: boolean
  readonly attempt: () => () => void
  readonly refuse: (error: unknown) => void
}

/**
 * Puts the single statements of one tick, or of a few busy ones, into one transaction, so that they share the wait for the disk.
 *
 * INVARIANT: a caller hears of its write only after the commit that holds it, and a statement that fails fails its own caller
 * alone. Whatever arrives takes effect in the order of arrival, transactions included.
 */
export class GroupCommit {
  readonly #turnstile: Turnstile
  readonly #batching: Batching
  /** The batch that still takes members. It stands in the turnstile's line already, behind nothing that came later. */
  #open: Member[] | undefined

  constructor(turnstile: Turnstile, batching: Batching) {
    this.#turnstile = turnstile
    this.#batching = batching
  }

  /** A read passes at once, unless writes are waiting that its caller may want to see; then it waits with them. */
  read<T>(statement: () => T): Promise<T> {
    return this.#open ? this.#join(false, statement) : this.#turnstile.pass(statement)
  }

  write<T>(statement: () => T): Promise<T> {
    return this.#join(true, statement)
  }

  /** Work that must not stand in a batch; what arrives after it stays after it. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    this.#open = undefined
    return this.#turnstile.hold(work)
  }

  #join<T>(writes: boolean, statement: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const members = this.#open ?? this.#start()
    const attempt = () => {
      const value = statement()
      return () => resolve(value)
    }
    if (members.push({ writes, attempt, refuse: reject }) >= MOST_MEMBERS) this.#open = undefined
    return promise
  }

  #start(): Member[] {
    const members: Member[] = []
    this.#open = members
    void this.#turnstile.hold(async () => {
      await company(members)
      if (this.#open === members) this.#open = undefined
      try {
        if (members.filter(({ writes }) => writes).length > 1) together(members, this.#batching)
        else oneByOne(members)
      } catch (error) {
        // Undoing failed as well. Nobody may wait for ever, and none of those still waiting was told of a success.
        for (const { refuse } of members) refuse(error)
      }
    })
    return members
  }
}

const nextTick = () => new Promise<void>((next) => setImmediate(next))

/**
 * Waits out the tick, and further ones for as long as each brings more members: requests that arrive together are read from
 * their sockets over a few ticks. A statement that is alone waits for nobody.
 */
async function company(members: readonly Member[]): Promise<void> {
  let before = 1
  for (let tick = 0; tick < MOST_TICKS; tick += 1) {
    await nextTick()
    if (members.length <= before || members.length >= MOST_MEMBERS) return
    before = members.length
  }
}

function oneByOne(members: readonly Member[]): void {
  for (const { attempt, refuse } of members) {
    try {
      attempt()()
    } catch (error) {
      refuse(error)
    }
  }
}

function together(members: readonly Member[], batching: Batching): void {
  try {
    batching.begin()
  } catch (error) {
    // Another process holds the file for longer than we wait. Reads never needed it.
    for (const { refuse } of members.filter(({ writes }) => writes)) refuse(error)
    return oneByOne(members.filter(({ writes }) => !writes))
  }
  const answers: (() => void)[] = []
  for (const { attempt, refuse } of members) {
    try {
      answers.push(attempt())
    } catch (error) {
      // A failed statement undoes itself and the others stand, unless the engine undid the whole (full disk, `or rollback`).
      if (!batching.isOpen()) return oneByOne(members)
      answers.push(() => refuse(error))
    }
  }
  try {
    batching.commit()
  } catch (error) {
    if (batching.isOpen()) batching.rollback()
    if (batching.isViolation(error)) return oneByOne(members) // a deferred constraint: someone's, but the commit does not say whose
    for (const { refuse } of members) refuse(error)
    return
  }
  for (const answer of answers) answer()
}
