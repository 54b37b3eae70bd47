import { randomUUID } from 'node:crypto'

/** How many launches a process remembers; the oldest go first, and end with their tab instead of with their tile. */
const MOST = 10_000

/**
 * The launches this process has offered, by a name of our own.
 *
 * A handle is a bearer secret until it is spent, so it stays here: in memory, never in the browser's answer and never in
 * storage. What is forgotten at a restart still ends with its workspace or session.
 */
export class OfferedLaunches {
  readonly #offers = new Map<string, { readonly ref: string; readonly handle: string }>()

  /** Answers the name the browser may know it by. */
  remember(ref: string, handle: string): string {
    const offer = randomUUID()
    this.#offers.set(offer, { ref, handle })
    if (this.#offers.size > MOST) {
      const [oldest] = this.#offers.keys()
      if (oldest !== undefined) this.#offers.delete(oldest)
    }
    return offer
  }

  /** The handle, once, and only for the session that started the launch. */
  take(ref: string, offer: string): string | undefined {
    const known = this.#offers.get(offer)
    if (known === undefined || known.ref !== ref) return undefined
    this.#offers.delete(offer)
    return known.handle
  }
}
