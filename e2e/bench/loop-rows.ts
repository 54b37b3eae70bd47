import type { Contestant } from './contestant.ts'

/** The gateway's timer that measures its event loop fires this often; what is longer, something kept waiting. */
const PRECISION_MS = 10
const LONGEST = /^nodejs_eventloop_lag_max_seconds(?:\{[^}]*\})? (?<seconds>\S+)$/m

/** For how long the gateway's event loop stood still at most since this was asked last, in milliseconds: any work at all, also of others on the machine. */
export async function longestBlock({ addresses }: Contestant): Promise<number> {
  const answer = await fetch(`${addresses.gateway}/metrics`)
  const seconds = LONGEST.exec(await answer.text())?.groups?.['seconds']
  return Math.max(0, Number(seconds) * 1000 - PRECISION_MS)
}
