/** How asking the server goes. */
export type Connection = { readonly answered: Date | undefined; readonly failuresInRow: number }

export const NOT_ASKED: Connection = { answered: undefined, failuresInRow: 0 }
export const afterAnswer = (now: Date): Connection => ({ answered: now, failuresInRow: 0 })
export const afterFailure = ({ answered, failuresInRow }: Connection): Connection => ({
  answered,
  failuresInRow: failuresInRow + 1,
})

/** Every two seconds; twice as long after each failure in a row, never more than half a minute. */
export const nextAskIn = ({ failuresInRow }: Connection): number =>
  Math.min(2000 * 2 ** Math.min(failuresInRow, 4), 30_000)

/** Data nobody has confirmed for fifteen seconds are shown as old. `since` is when asking began: silence counts from there. */
export const isBroken = ({ answered }: Connection, since: Date, now: Date): boolean =>
  now.getTime() - Math.max(answered?.getTime() ?? 0, since.getTime()) > 15_000
