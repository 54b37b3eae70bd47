/** Stops asking somebody who does not answer, so that every caller is refused at once instead of after the timeout. */
export type Breaker = {
  /** True when somebody may be asked now; after a pause that is one caller, whose question is the trial. */
  readonly allows: () => boolean
  /** True while there is nothing against asking. */
  readonly isClosed: () => boolean
  readonly note: (answered: boolean) => void
}

const FAILURES_TO_OPEN = 5
const OPEN_MS = 2000

/** After a pause the next question goes through as a trial, alone; its failure opens the breaker again. */
export function createBreaker(now: () => Date): Breaker {
  let failures = 0
  let openUntil = 0
  return {
    isClosed: () => now().getTime() >= openUntil,
    allows: () => {
      const at = now().getTime()
      if (at < openUntil) return false
      // Everybody else waits for what becomes of the trial, or for the next one.
      if (failures >= FAILURES_TO_OPEN) openUntil = at + OPEN_MS
      return true
    },
    note: (answered) => {
      failures = answered ? 0 : failures + 1
      openUntil = failures >= FAILURES_TO_OPEN ? now().getTime() + OPEN_MS : 0
    },
  }
}
