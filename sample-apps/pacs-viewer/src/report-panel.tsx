import { formatDayAndClock } from './format.ts'
import { FailurePanel } from './frame/failure-panel.tsx'
import { type Report, summaryOf } from './imaging/report.ts'
import type { Study } from './imaging/study.ts'
import { useNarrow } from './narrow.ts'
import type { Failure } from './smart/failure.ts'

type ReportPanelProps = {
  readonly study: Study
  readonly reports: readonly Report[]
  readonly failure: Failure | undefined
}

/** What the radiologist wrote about the study on screen: beside the images, or folded away under them in a small tile. */
export function ReportPanel(props: ReportPanelProps) {
  if (!useNarrow()) {
    return (
      <section className="report" aria-label="Beskrivelse">
        <h2>{props.study.description}</h2>
        <ReportText {...props} />
      </section>
    )
  }
  return (
    <details className="report">
      <summary>
        {props.study.description}: {summaryOf(props)}
      </summary>
      <ReportText {...props} />
    </details>
  )
}

function ReportText({ study, reports, failure }: ReportPanelProps) {
  return (
    <>
      {study.started && <p className="report-meta">Utført {formatDayAndClock(study.started)}</p>}
      {failure && <FailurePanel failure={failure} />}
      {!failure && reports.length === 0 && <p className="empty">Undersøkelsen er ikke beskrevet ennå.</p>}
      {reports.map((report) => (
        <article key={`${report.issued?.toISOString()} ${report.title}`}>
          <p className="report-meta">
            {report.status}
            {report.issued ? ` ${formatDayAndClock(report.issued)}` : ''}
          </p>
          <p className="report-text">{report.text || 'Svaret har ingen tekst.'}</p>
        </article>
      ))}
    </>
  )
}
