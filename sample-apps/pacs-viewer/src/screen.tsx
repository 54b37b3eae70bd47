import { useState } from 'react'
import { FailurePanel } from './frame/failure-panel.tsx'
import { useSession } from './frame/session-context.ts'
import { Waiting } from './frame/session-frame.tsx'
import { useLoad } from './frame/use-load.ts'
import { loadStudies, type Studies } from './imaging/load-studies.ts'
import { reportsOn } from './imaging/report.ts'
import { mainSeries, studyToOpen } from './imaging/study.ts'
import { ReportPanel } from './report-panel.tsx'
import { StackPanel } from './stack/stack-panel.tsx'
import { Timeline } from './timeline.tsx'

export function Screen() {
  const { session } = useSession()
  if (!session.patientId) return <p>Åpne appen fra en pasient for å se bildeundersøkelser.</p>
  return <PatientStudies />
}

function PatientStudies() {
  const load = useLoad(loadStudies)
  if (load.kind === 'loading') return <Waiting />
  if (load.kind === 'failed') return <FailurePanel failure={load.failure} />
  if (load.value.studies.length === 0) return <p className="empty">Pasienten har ingen bildeundersøkelser.</p>
  return <StudyBrowser {...load.value} />
}

function StudyBrowser({ studies, reports, reportsFailure }: Studies) {
  const { session } = useSession()
  const [chosenId, setChosenId] = useState(() => studyToOpen(studies, session.contextReferences)?.id)
  const [chosenSeries, setChosenSeries] = useState<string>()
  const study = studies.find((candidate) => candidate.id === chosenId) ?? studies[0]
  if (!study) return null
  const series = study.series.find((candidate) => candidate.uid === chosenSeries) ?? mainSeries(study)
  return (
    <div className="browser">
      <Timeline studies={studies} chosen={study} onChoose={setChosenId} />
      <section className="images" aria-label={`Bilder, ${study.description}`}>
        {study.series.length > 1 && series && (
          <label className="series">
            Serie
            <select value={series.uid} onChange={(event) => setChosenSeries(event.target.value)}>
              {study.series.map((candidate, index) => (
                <option key={candidate.uid} value={candidate.uid}>
                  {candidate.description || `Serie ${index + 1}`} ({candidate.instances}{' '}
                  {candidate.instances === 1 ? 'bilde' : 'bilder'})
                </option>
              ))}
            </select>
          </label>
        )}
        {series && study.uid ? (
          <StackPanel key={`${study.uid} ${series.uid}`} study={study} series={series} />
        ) : (
          <p className="empty">Undersøkelsen har ingen bilder.</p>
        )}
      </section>
      <ReportPanel study={study} reports={reportsOn(study.id, reports)} failure={reportsFailure} />
    </div>
  )
}
