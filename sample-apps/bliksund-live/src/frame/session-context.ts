import { createContext, useContext } from 'react'
import type { Failure } from '../smart/failure.ts'
import type { Session } from '../smart/session.ts'

export type OpenSession = {
  readonly session: Session
  /** Takes everything off the screen and shows why. */
  readonly close: (failure: Failure) => void
}

export const SessionContext = createContext<OpenSession | undefined>(undefined)

export function useSession(): OpenSession {
  const open = useContext(SessionContext)
  if (!open) throw new Error('used outside the session frame')
  return open
}
