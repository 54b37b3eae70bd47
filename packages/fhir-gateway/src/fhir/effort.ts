import { tooCostly } from '#src/http/refusals.ts'

/** Requests to the server behind us for one request of ours, however many entries it has. */
const MOST_CALLS = 1000
/** Matches gone through for one request of ours beyond those of the pages it asks for, all its searches together. */
const MOST_ROWS = 25_000
/** So many are free to each search, so that what one of them went through tells nothing by the answer to the next. */
const FREE_ROWS = 500
/** A page costs as many, be it as short as it likes. */
const LEAST_ROWS = 100

/** What one request may cost the server behind us, and us. */
export type Effort = {
  /** Counts one request to the server behind us; refuses the one that is too many. */
  readonly call: () => void
  /** A search begins to go through what it finds. */
  readonly walk: () => Walk
}

type Walk = {
  /** Counts a page of so many matches; false when it is too much. */
  readonly mayPass: (rows: number) => boolean
}

export function createEffort(): Effort {
  let calls = 0
  let passed = 0
  return {
    call() {
      calls += 1
      if (calls > MOST_CALLS) throw tooCostly()
    },
    walk() {
      let free = FREE_ROWS
      return {
        mayPass(rows) {
          const cost = Math.max(rows, LEAST_ROWS)
          const paid = Math.max(cost - free, 0)
          free -= Math.min(cost, free)
          passed += paid
          return paid === 0 || passed <= MOST_ROWS
        },
      }
    },
  }
}

/** For work that has bounds of its own. */
export const UNBOUNDED: Effort = { call: () => undefined, walk: () => ({ mayPass: () => true }) }
