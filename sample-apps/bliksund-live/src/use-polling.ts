import { useEffect, useReducer, useRef } from 'react'
import { useSession } from './frame/session-context.ts'
import { type Failure, failureOf } from './smart/failure.ts'
import type { Session } from './smart/session.ts'
import { afterAnswer, afterFailure, type Connection, nextAskIn, NOT_ASKED } from './vitals/connection.ts'

export type Polling<T> = {
  readonly value: T
  readonly connection: Connection
  /** When asking began, last time the page was shown. */
  readonly since: Date
  readonly now: Date
  /** A refusal that asking again will not change. */
  readonly refused: Failure | undefined
}

type Event<T> =
  | { readonly kind: 'answer'; readonly value: T; readonly now: Date }
  | { readonly kind: 'failure' | 'tick' | 'shown'; readonly now: Date }
  | { readonly kind: 'refused'; readonly failure: Failure }

function reduce<T>(state: Polling<T>, event: Event<T>): Polling<T> {
  switch (event.kind) {
    case 'answer':
      return { ...state, value: event.value, connection: afterAnswer(event.now), now: event.now }
    case 'failure':
      return { ...state, connection: afterFailure(state.connection), now: event.now }
    case 'shown':
      return { ...state, since: event.now, now: event.now }
    case 'tick':
      return { ...state, now: event.now }
    case 'refused':
      return { ...state, refused: event.failure }
    default:
      return state
  }
}

type Ask<T> = (session: Session, known: T, signal: AbortSignal) => Promise<T>

/**
 * Asks again and again while the page is visible: every two seconds, slower while it fails, not at all once hidden or
 * refused. `ask` gets what is known and answers what is known then; it must be the same function on every render.
 */
export function usePolling<T>(ask: Ask<T>, nothing: T): Polling<T> {
  const { session, close } = useSession()
  const [state, tell] = useReducer(reduce<T>, undefined, () => {
    const now = new Date()
    return { value: nothing, connection: NOT_ASKED, since: now, now, refused: undefined }
  })
  const known = useRef(nothing)

  useEffect(() => {
    let run: AbortController | undefined
    let connection = NOT_ASKED

    const askOnce = async (signal: AbortSignal): Promise<void> => {
      try {
        const timed = AbortSignal.any([signal, AbortSignal.timeout(10_000)])
        const value = await ask(session, known.current, timed)
        if (signal.aborted) return
        known.current = value
        connection = afterAnswer(new Date())
        tell({ kind: 'answer', value, now: new Date() })
      } catch (error) {
        if (signal.aborted) return
        const failure = failureOf(error)
        connection = afterFailure(connection)
        if (failure.kind === 'expired') close(failure)
        else if (failure.kind === 'no-access') tell({ kind: 'refused', failure })
        else tell({ kind: 'failure', now: new Date() })
        if (failure.kind === 'expired' || failure.kind === 'no-access') run?.abort()
      }
    }
    const askOn = async (signal: AbortSignal): Promise<void> => {
      while (!signal.aborted) {
        await askOnce(signal)
        await pause(nextAskIn(connection), signal)
      }
    }
    const start = () => {
      run?.abort()
      if (document.hidden) return
      run = new AbortController()
      tell({ kind: 'shown', now: new Date() })
      void askOn(run.signal)
    }
    const stop = () => run?.abort()

    start()
    const clock = window.setInterval(() => {
      if (!document.hidden) tell({ kind: 'tick', now: new Date() })
    }, 1000)
    document.addEventListener('visibilitychange', start)
    window.addEventListener('pagehide', stop)
    return () => {
      stop()
      window.clearInterval(clock)
      document.removeEventListener('visibilitychange', start)
      window.removeEventListener('pagehide', stop)
    }
  }, [ask, session, close])
  return state
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = window.setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => {
      window.clearTimeout(timer)
      resolve()
    })
  })
