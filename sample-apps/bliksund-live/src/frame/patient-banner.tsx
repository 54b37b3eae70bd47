import { isoDay } from '../format.ts'
import { parsePatient, patientLine } from '../smart/patient.ts'
import { readJson, type Session } from '../smart/session.ts'
import { FailurePanel } from './failure-panel.tsx'
import { useLoad } from './use-load.ts'

async function loadPatientLine(session: Session, signal: AbortSignal): Promise<string> {
  const resource = await readJson(session, `Patient/${encodeURIComponent(session.patientId ?? '')}`, signal)
  return patientLine(parsePatient(resource), isoDay(new Date()))
}

/** Who the screen is about, for hosts that do not show it themselves. */
export function PatientBanner() {
  const line = useLoad(loadPatientLine)
  if (line.kind === 'failed') return <FailurePanel failure={line.failure} />
  return (
    <p className="patient-banner" aria-label="Pasient">
      {line.kind === 'ready' ? line.value : 'Henter pasient …'}
    </p>
  )
}
