import { useCallback, useEffect, useRef, useState } from 'react'
import type { Answer } from '../api/client.ts'

export type Asked<T> = { readonly kind: 'loading' } | Answer<T>

/**
 * Asks when it is first shown and again when `ask` changes; with `everySeconds`, also while it is in view.
 *
 * A repeated question keeps the last answer on screen until the new one is here.
 */
export function useAnswer<T>(ask: () => Promise<Answer<T>>, everySeconds?: number): readonly [Asked<T>, () => void] {
  const [asked, setAsked] = useState<Asked<T>>({ kind: 'loading' })
  const latest = useRef(0)
  const closed = useRef(false)
  const again = useCallback(() => {
    latest.current += 1
    const mine = latest.current
    const run = async () => {
      const answer = await ask()
      // Answers may overtake each other; only the last question counts.
      if (mine !== latest.current) return
      closed.current = answer.kind === 'refused' && answer.status === 403
      setAsked((before) => keepUnlessKnown(before, answer))
    }
    void run()
  }, [ask])
  useEffect(() => {
    again()
    return () => {
      latest.current += 1
    }
  }, [again])
  useEffect(() => {
    if (everySeconds === undefined) return undefined
    const timer = setInterval(() => {
      // What is forbidden stays so until somebody does something about it; asking on is an attempt each time.
      if (document.visibilityState === 'visible' && !closed.current) again()
    }, everySeconds * 1000)
    return () => clearInterval(timer)
  }, [again, everySeconds])
  return [asked, again]
}

/** A list that was there a moment ago is better than an error about refreshing it. */
function keepUnlessKnown<T>(before: Asked<T>, answer: Answer<T>): Asked<T> {
  return answer.kind === 'refused' && answer.status === 0 && before.kind === 'answered' ? before : answer
}
