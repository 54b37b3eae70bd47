/** Stops asking somebody who does not answer, so that every caller is refused at once instead of after the timeout. */
export type Breaker = {
  readonly allows: () => boolean
  readonly note: (answered: boolean) => void
}

const FAILURES_TO_OPEN = 5
const OPEN_MS = 2000

/** After a pause the next question goes through as a trial; its failure opens the breaker again. */
export function createBreaker(now: () => Date): Breaker {
  let failures = 0
  let openUntil = 0
  return {
    allows: () => now().getTime() >= openUntil,
    note: (answered) => {
      failures = answered ? 0 : failures + 1
      openUntil = failures >= FAILURES_TO_OPEN ? now().getTime() + OPEN_MS : 0
    },
  }
}
