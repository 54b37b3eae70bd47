/** Screens ask again by themselves every half minute; what comes again within this is still the same look. */
const SITTING_MS = 15 * 60_000
const MOST = 50_000

/** Tells a look at a patient from the screen's refreshing itself, so that the access log has one line for each look. */
export class Sittings {
  readonly #seen = new Map<string, number>()

  /** True when this begins a look. */
  begins(session: string, what: string, now: Date): boolean {
    const key = `${session} ${what}`
    const before = this.#seen.get(key)
    this.#seen.delete(key)
    this.#seen.set(key, now.getTime())
    const [oldest] = this.#seen.keys()
    if (this.#seen.size > MOST && oldest !== undefined) this.#seen.delete(oldest)
    return before === undefined || now.getTime() - before > SITTING_MS
  }

  /** What was not written down was no look yet. */
  forget(session: string, what: string): void {
    this.#seen.delete(`${session} ${what}`)
  }
}
