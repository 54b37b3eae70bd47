import { Refusal } from './refusal.ts'
import { tracedFetch, type Trace, type TracedInit } from './trace.ts'

/** Calls another of our processes; one that cannot be reached in time is told as 503, since waiting a little may help. */
export async function askPeer(trace: Trace, peer: string, url: string, init: TracedInit = {}): Promise<Response> {
  try {
    return await tracedFetch(trace, url, init)
  } catch (cause) {
    throw new Refusal(503, 'temporarily_unavailable', `${peer} does not answer`, {
      cause,
      headers: { 'retry-after': '2' },
    })
  }
}
