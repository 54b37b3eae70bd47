import { tooCostly } from '#src/http/refusals.ts'

type Limits = {
  /** Requests to the server behind us, however many entries there are. */
  readonly calls: number
  /** Matches gone through beyond those of the pages that are asked for, all searches together. */
  readonly rows: number
}

export const ONE_REQUEST: Limits = { calls: 1000, rows: 25_000 }
/** For work that goes on after its request, and has other bounds besides: of bytes, and of how much of it there is at once. */
export const GOING_ON: Limits = { calls: Number.POSITIVE_INFINITY, rows: 1_000_000 }

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

export function createEffort(limits: Limits): Effort {
  let calls = 0
  let passed = 0
  return {
    call() {
      calls += 1
      if (calls > limits.calls) throw tooCostly()
    },
    walk() {
      let free = FREE_ROWS
      return {
        mayPass(rows) {
          const cost = Math.max(rows, LEAST_ROWS)
          const paid = Math.max(cost - free, 0)
          free -= Math.min(cost, free)
          passed += paid
          return paid === 0 || passed <= limits.rows
        },
      }
    },
  }
}
