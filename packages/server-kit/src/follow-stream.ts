import { setTimeout as sleep } from 'node:timers/promises'
import { isProblem, type Problem } from '@uthopp/smart-core/problem'
import type { Log } from './log.ts'
import { readLines } from './read-lines.ts'
import { childTraceparent, newTrace } from './trace.ts'

/** One line of a stream. A heartbeat promises that everything that happened before it has been told. */
export type StreamLine<Event> = {
  /** Where to read on after this line; opaque. */
  readonly sequence: string
  readonly event: 'heartbeat' | Event
}

export type FollowedStream = {
  /** True while everything that happened up to a moment ago is known here. */
  readonly isFresh: () => boolean
  readonly close: () => void
}

type StreamSettings<Event> = {
  /** How the log calls it, such as `revocation-stream`. */
  readonly name: string
  readonly tenant: string
  readonly url: string
  /** A whole `Authorization` header; asked for each connection. */
  readonly authorization: (limits: { readonly timeoutMs: number; readonly signal: AbortSignal }) => Promise<string>
  readonly log: Log
  /** How long the stream may be silent before nothing it said counts any more. */
  readonly silenceMs: number
  /** A line that is not understood is a problem, and ends the connection: it may have been the one that matters. */
  readonly parse: (text: string) => StreamLine<Event> | Problem
  readonly onEvent: (event: Event) => void
  readonly onHeartbeat?: () => void
}

/** First almost at once, then ever more slowly up to a second: a server that comes back is heard at once. */
const RETRY_MS = [100, 250, 500, 1000] as const

/**
 * Follows a stream of JSON lines over one connection, for as long as the process runs.
 *
 * INVARIANT: only a heartbeat makes fresh. It stands behind everything that happened before it, so neither an open connection
 * nor the events of a half-read snapshot are taken for knowledge.
 */
export function followStream<Event>(settings: StreamSettings<Event>): FollowedStream {
  const { name, tenant, log, silenceMs } = settings
  const closing = new AbortController()
  let heardAt = Number.NEGATIVE_INFINITY
  let position: string | undefined
  let failures = 0

  /** Reads until the server ends the answer, which it does when our token expires; throws when the connection is lost. */
  async function readOnce(): Promise<void> {
    const silent = new AbortController()
    const signal = AbortSignal.any([closing.signal, silent.signal])
    const giveUp = setTimeout(() => silent.abort(new Error(`the ${name} is silent`)), silenceMs)
    try {
      const authorization = await settings.authorization({ timeoutMs: silenceMs, signal })
      const query = position === undefined ? '' : `?${new URLSearchParams({ after: position }).toString()}`
      const answer = await fetch(`${settings.url}${query}`, {
        redirect: 'error',
        signal,
        headers: { authorization, traceparent: childTraceparent(newTrace()) },
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
    const line = settings.parse(text)
    if (isProblem(line)) throw new Error(line.reason)
    if (line.event === 'heartbeat') {
      if (heardAt === Number.NEGATIVE_INFINITY || failures > 1) log.info(`${name}-live`, { tenant })
      heardAt = performance.now()
      failures = 0
      settings.onHeartbeat?.()
    } else settings.onEvent(line.event)
    position = line.sequence
  }

  async function follow(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await readOnce()
      } catch (error) {
        // An answer cut off in mid-stream is ordinary; a server that is gone is told once.
        if (failures === 1 && !closing.signal.aborted) log.error(`${name}-lost`, { tenant, error })
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
