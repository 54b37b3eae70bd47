/**
 * Screens ask again by themselves every half minute; what comes within this of the beginning of a look is still the same one.
 * A chart that stays open all day is so written down all day, and the log tells when it was looked at (norway.md 5.3.1).
 */
const SITTING_MS = 15 * 60_000
const MOST = 50_000

type Look = { readonly begunAt: number; readonly written: Promise<void> }

/** Tells a look at a patient from the screen's refreshing itself, so that the access log has one line for each look. */
export class Sittings {
  readonly #seen = new Map<string, Look>()

  /**
   * Writes down what of this begins a look, and resolves once all of it stands, whoever wrote it.
   *
   * INVARIANT: nobody is answered ahead of the record. A second request of the same look waits for the first one's; what
   * could not be written was no look yet, for either of them, and the next request tries again.
   */
  async begin(
    session: string,
    { kind, of, now }: { readonly kind: string; readonly of: readonly string[]; readonly now: Date },
    write: (begun: readonly string[]) => Promise<void>,
  ): Promise<void> {
    const keyOf = (each: string) => `${session} ${kind} ${each}`
    const going = of.map((each) => this.#find(keyOf(each), now))
    const begun = of.filter((_, index) => going[index] === undefined)
    const written = begun.length === 0 ? Promise.resolve() : write(begun)
    const fresh: Look = { begunAt: now.getTime(), written }
    for (const [index, each] of of.entries()) this.#keep(keyOf(each), going[index] ?? fresh)
    try {
      await written
    } catch (error) {
      for (const key of begun.map(keyOf)) if (this.#seen.get(key)?.written === written) this.#seen.delete(key)
      throw error
    }
    await Promise.all(going.flatMap((each) => each?.written ?? []))
  }

  /**
   * Ends the looks of one kind at somebody, once that is written down: the next one is a look of its own again.
   *
   * Nothing is written of what this session never looked at.
   */
  async end(session: string, kind: string, whom: string, write: () => Promise<void>): Promise<void> {
    const ended = [...this.#seen].filter(([key]) => key.startsWith(`${session} ${kind} ${whom} `))
    if (ended.length === 0) return
    // Taken out first, so that of two who end it at once one writes.
    for (const [key] of ended) this.#seen.delete(key)
    try {
      await write()
    } catch (error) {
      for (const [key, look] of ended) if (!this.#seen.has(key)) this.#keep(key, look)
      throw error
    }
  }

  #find(key: string, now: Date): Look | undefined {
    const look = this.#seen.get(key)
    return look !== undefined && now.getTime() - look.begunAt <= SITTING_MS ? look : undefined
  }

  /** The latest last: what nobody has looked at for longest is forgotten first. */
  #keep(key: string, look: Look): void {
    this.#seen.delete(key)
    this.#seen.set(key, look)
    const [oldest] = this.#seen.keys()
    if (this.#seen.size > MOST && oldest !== undefined) this.#seen.delete(oldest)
  }
}
