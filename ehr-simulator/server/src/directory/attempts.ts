const WINDOW_MS = 60_000
const ALLOWED = 10
/** Usernames remembered at once; the oldest go first, so an attacker's inventions cannot fill memory. */
const REMEMBERED = 10_000

/**
 * Counts failed sign-ins a username, known or not, and closes it for the rest of the minute after ten.
 *
 * A right password forgets the count: people and demonstrations may sign in as often as they like.
 */
export class FailedAttempts {
  readonly #byName = new Map<string, { failures: number; readonly endsAt: number }>()
  readonly #now: () => Date

  constructor(now: () => Date) {
    this.#now = now
  }

  /** Seconds until the username may try again, or 0. */
  secondsClosed(username: string): number {
    const window = this.#byName.get(username)
    const left = window ? window.endsAt - this.#now().getTime() : 0
    if (window && left <= 0) this.#byName.delete(username)
    return window && left > 0 && window.failures >= ALLOWED ? Math.ceil(left / 1000) : 0
  }

  /** Counted before the password is checked, so that many at once cannot slip through together. */
  begin(username: string): void {
    const known = this.#byName.get(username)
    if (known && known.endsAt > this.#now().getTime()) known.failures += 1
    else this.#byName.set(username, { failures: 1, endsAt: this.#now().getTime() + WINDOW_MS })
    if (this.#byName.size > REMEMBERED) {
      const [oldest] = this.#byName.keys()
      if (oldest !== undefined) this.#byName.delete(oldest)
    }
  }

  succeeded(username: string): void {
    this.#byName.delete(username)
  }
}
