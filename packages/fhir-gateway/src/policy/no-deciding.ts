import { denialOfOurOwn } from './own-denial.ts'
import type { Deciding } from './policy-desk.ts'

/** Stands where no decision point can be had: denies everything and is never ready. */
export const noDeciding = (): Deciding => ({
  point: {
    decide: () => Promise.resolve(denialOfOurOwn('pdp-unavailable')),
    decideAll: (asks) => Promise.resolve(asks.map(() => denialOfOurOwn('pdp-unavailable'))),
    ready: () => undefined,
    close: () => Promise.resolve(),
  },
  start: () => undefined,
  close: () => Promise.resolve(),
})
