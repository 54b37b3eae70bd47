import { setTimeout as sleep } from 'node:timers/promises'
import { requestToken } from '@uthopp/server-kit/client-credentials'
import type { SigningKey } from '@uthopp/server-kit/keys'
import type { Log } from '@uthopp/server-kit/log'
import { childTraceparent, newTrace } from '@uthopp/server-kit/trace'
import { isProblem } from '@uthopp/smart-core/problem'
import type { Trust } from '#src/trust.ts'
import { readLines } from './read-lines.ts'
import { parseStreamLine, type Revocation } from './stream-line.ts'

export type FollowedStream = {
  /** True while everything that died up to a moment ago is known here. */
  readonly isFresh: () => boolean
  readonly close: () => void
}

/** What every authorization server knows this gateway as; its keys are at our `/jwks.json`. */
const CLIENT_ID = 'gateway'

/** First almost at once, then ever more slowly up to a second: a server that comes back is heard at once. */
const RETRY_MS = [100, 250, 500, 1000] as const

/**
 * Follows the revocation stream of one trust over one connection, for as long as the gateway runs.
 *
 * INVARIANT: only a heartbeat makes fresh. It stands behind everything that died before it, so neither an open connection nor
 * the events of a half-read snapshot are taken for knowledge.
 */
export function followStream(options: {
  readonly trust: Trust
  readonly key: SigningKey
  readonly log: Log
  readonly silenceMs: number
  readonly onRevocation: (revocation: Revocation) => void
}): FollowedStream {
  const { trust, key, log, silenceMs } = options
  const closing = new AbortController()
  let heardAt = Number.NEGATIVE_INFINITY
  let position: string | undefined
  let failures = 0

  /** Reads until the server ends the answer, which it does when our token expires; throws when the connection is lost. */
  async function readOnce(): Promise<void> {
    const silent = new AbortController()
    const signal = AbortSignal.any([closing.signal, silent.signal])
    const giveUp = setTimeout(() => silent.abort(new Error('the revocation stream is silent')), silenceMs)
    try {
      const credentials = {
        issuer: trust.issuer,
        clientId: CLIENT_ID,
        key,
        scope: '__revocations',
        now: () => new Date(),
      }
      const { token } = await requestToken(newTrace(), credentials, { timeoutMs: silenceMs, signal })
      const query = position === undefined ? '' : `?${new URLSearchParams({ after: position }).toString()}`
      const answer = await fetch(`${trust.issuer}/revocations${query}`, {
        redirect: 'error',
        signal,
        headers: { authorization: `Bearer ${token}`, traceparent: childTraceparent(newTrace()) },
      })
      if (answer.status !== 200 || answer.body === null) throw new Error(`the stream answered ${answer.status}`)
      for await (const text of readLines(answer.body)) {
        take(text)
        giveUp.refresh()
      }
    } finally {
      clearTimeout(giveUp)
      silent.abort() // whatever is still under way has no reader any more
    }
  }

  function take(text: string): void {
    const line = parseStreamLine(text)
    if (isProblem(line)) throw new Error(line.reason)
    if (line.event === 'heartbeat') {
      if (heardAt === Number.NEGATIVE_INFINITY || failures > 1)
        log.info('revocation-stream-live', { tenant: trust.orgnr })
      heardAt = performance.now()
      failures = 0
    } else options.onRevocation(line.event)
    position = line.sequence
  }

  async function follow(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await readOnce()
      } catch (error) {
        // An answer cut off in mid-stream is ordinary; a server that is gone is told once.
        if (failures === 1 && !closing.signal.aborted)
          log.error('revocation-stream-lost', { tenant: trust.orgnr, error })
      }
      const pause = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]
      failures += 1
      await sleep(pause, undefined, { signal: closing.signal }).catch(() => undefined)
    }
  }

  void follow()
  return {
    isFresh: () => performance.now() - heardAt <= silenceMs,
    close: () => closing.abort(),
  }
}
