/** Lets one long piece of work at a time have the store; the short ones wait until it is over. */
export class Turn {
  #busy: Promise<void> | undefined

  /** Resolves when nobody has the turn. */
  async free(): Promise<void> {
    while (this.#busy) await this.#busy
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    await this.free()
    // Nothing awaits between the check above and this line, so two callers cannot both pass it.
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
