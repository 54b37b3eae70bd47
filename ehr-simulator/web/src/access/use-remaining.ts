import { useEffect, useState } from 'react'

/** How long something lasts by the server's clock, told anew every second: clocks of hospital computers go wrong. */
export function useRemaining(until: Date, serverNow: Date): number {
  const [passed, setPassed] = useState({ since: serverNow, ms: 0 })
  useEffect(() => {
    const heardAt = performance.now()
    const timer = setInterval(() => setPassed({ since: serverNow, ms: performance.now() - heardAt }), 1000)
    return () => clearInterval(timer)
  }, [serverNow])
  // What passed since an earlier answer is in the new answer's own time already.
  return until.getTime() - serverNow.getTime() - (passed.since === serverNow ? passed.ms : 0)
}
