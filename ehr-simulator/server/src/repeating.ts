/** Work that goes on by itself until it is stopped. */
export type Repeating = {
  /** Resolves when the last run is over, so that what it stands on may be closed after it. */
  readonly stop: () => Promise<void>
}

/** Runs at once and then `everyMs` after each run has ended, so no two overlap. A failed run is told, and the next goes on. */
export function repeat(options: {
  readonly work: () => Promise<void>
  readonly everyMs: number
  readonly onFailure: (error: unknown) => void
}): Repeating {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  const schedule = (): void => {
    timer = setTimeout(run, options.everyMs)
    // What runs by itself keeps no process alive.
    timer.unref()
  }
  const run = (): void => {
    running = options
      .work()
      .catch(options.onFailure)
      .then(() => (stopped ? undefined : schedule()))
  }
  run()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
