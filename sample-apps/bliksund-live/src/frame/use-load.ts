import { useEffect, useState } from 'react'
import { type Failure, failureOf } from '../smart/failure.ts'
import type { Session } from '../smart/session.ts'
import { useSession } from './session-context.ts'

export type Load<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly value: T }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** Runs a reader once a session. `load` must be the same function on every render. */
export function useLoad<T>(load: (session: Session, signal: AbortSignal) => Promise<T>): Load<T> {
  const { session, close } = useSession()
  const [state, setState] = useState<Load<T>>({ kind: 'loading' })
  useEffect(() => {
    const abort = new AbortController()
    const run = async () => {
      const outcome = await settle(load, session, abort.signal)
      if (abort.signal.aborted) return
      if (outcome.kind === 'failed' && outcome.failure.kind === 'expired') close(outcome.failure)
      else setState(outcome)
    }
    void run()
    return () => abort.abort()
  }, [load, session, close])
  return state
}

async function settle<T>(
  load: (session: Session, signal: AbortSignal) => Promise<T>,
  session: Session,
  signal: AbortSignal,
): Promise<Load<T>> {
  try {
    return { kind: 'ready', value: await load(session, signal) }
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) }
  }
}
