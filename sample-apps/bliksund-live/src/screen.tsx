import { useSession } from './frame/session-context.ts'
import { IncomingView } from './incoming/incoming-view.tsx'
import { VitalsView } from './vitals/vitals-view.tsx'

/** Launched for a patient: that patient, live. Launched for a unit: what is on its way there. */
export function Screen() {
  const { session } = useSession()
  return session.patientId ? <VitalsView /> : <IncomingView />
}
