/**
 * Lets one long piece of work at a time have the store; the short ones wait until it is over.
 *
 * INVARIANT: nothing is awaited between finding the store free and using it, or two callers could both find it free.
 */
export class Turn {
  #busy: Promise<void> | undefined

  /** Runs synchronous work as soon as nobody has the turn. */
  async pass<T>(work: () => T): Promise<T> {
    while (this.#busy) await this.#busy
    return work()
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    while (this.#busy) await this.#busy
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#busy = promise
    try {
      return await work()
    } finally {
      this.#busy = undefined
      resolve()
    }
  }
}
