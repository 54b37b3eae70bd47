import { PatientBanner } from './frame/patient-banner.tsx'
import { useSession } from './frame/session-context.ts'
import { grantedLines } from './granted.ts'

/** The launch is real; the clinical content is not built yet, and the screen says so. */
export function Screen() {
  const { session } = useSession()
  const lines = grantedLines(session.scopes)
  return (
    <>
      {session.patientId && !session.patientBannerNeeded && <PatientBanner />}
      <section className="coming">
        <h2>Innholdet kommer</h2>
        <p>Her kommer kurver, tallverdier og 12-avlednings-EKG fra ambulansens multimonitor.</p>
        <h3>Appen har fått tilgang til</h3>
        {lines.length === 0 ? (
          <p>Ingen opplysninger om pasienten.</p>
        ) : (
          <ul>
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
      </section>
    </>
  )
}
