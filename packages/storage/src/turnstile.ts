/** Lets one piece of work through at a time, in the order of arrival. */
export class Turnstile {
  #last: Promise<unknown> | undefined

  /** Work that needs no waiting itself passes at once when nobody is inside. */
  pass<T>(work: () => T): Promise<T> {
    return this.#last ? this.hold(async () => work()) : new Promise((resolve) => resolve(work()))
  }

  /** Keeps everybody else out until the work is done. */
  hold<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last ? this.#last.then(work) : new Promise<T>((resolve) => resolve(work()))
    const leave = () => {
      if (this.#last === settled) this.#last = undefined
    }
    const settled: Promise<unknown> = result.then(leave, leave)
    this.#last = settled
    return result
  }
}
