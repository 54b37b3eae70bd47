import { readBounded } from '#src/elsewhere/read-bounded.ts'
import { isProblem, type Problem } from '@uthopp/smart-core/problem'
import { metadataAddress, parseMetadata, type PdpMetadata } from './metadata.ts'

/** What a decision point publishes about itself, read in the background and held against the identifier we were given. */
export type PinnedMetadata = {
  /** Where to ask: AuthZEN's own paths until the metadata say otherwise; a problem once they are of somebody else (AZ-28). */
  readonly endpoints: () => PdpMetadata | Problem
  /** Settles when what is under way has been read; nobody who asks waits for it. */
  readonly settled: () => Promise<void>
}

const READ_AGAIN_MS = 10 * 60_000
/** Metadata are optional, and a decision point without them is not asked for them at every question. */
const TRY_AGAIN_MS = 60_000
const TIMEOUT_MS = 5000
const LONGEST = 64 * 1024

export function pinMetadata(pdp: string, now: () => Date, stopped: AbortSignal): PinnedMetadata {
  let told: PdpMetadata | Problem = {
    pdp,
    evaluation: `${pdp}/access/v1/evaluation`,
    evaluations: `${pdp}/access/v1/evaluations`,
  }
  let next = Number.NEGATIVE_INFINITY
  let reading = Promise.resolve()

  async function read(): Promise<void> {
    try {
      const response = await fetch(metadataAddress(pdp), {
        redirect: 'error',
        signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), stopped]),
      })
      if (response.status !== 200) {
        await response.body?.cancel()
        return
      }
      told = parseMetadata(JSON.parse(await readBounded(response, LONGEST)), pdp)
      next = now().getTime() + (isProblem(told) ? TRY_AGAIN_MS : READ_AGAIN_MS)
    } catch {
      // What was known before stands: whoever does not answer this does not answer questions either, and is denied for that.
    }
  }

  return {
    endpoints: () => {
      if (now().getTime() >= next) {
        next = now().getTime() + TRY_AGAIN_MS
        reading = read()
      }
      return told
    },
    settled: () => reading,
  }
}
