import { Button } from '@navikt/ds-react'
import type { PatientChart } from '../api/overview.ts'
import type { AppFace } from '../api/session.ts'
import { formatDate, formatMoment } from '../format/dates.ts'
import { ContactsPanel, CriticalPanel, MedicationsPanel, OrdersPanel } from '../parts/chart-panels.tsx'
import { ImagingPanel } from '../parts/imaging-panel.tsx'
import { LatestLabs } from '../parts/latest-labs.tsx'
import { formatEmpty } from '../chart/emptiness.ts'
import { EmptyLine, Panel } from '../parts/panel.tsx'
import { TasksPanel } from '../parts/tasks-panel.tsx'
import { VitalsTable } from '../parts/vitals-table.tsx'
import type { PatientView } from '../surface/address.ts'

type Props = {
  readonly chart: PatientChart
  readonly onView: (view: PatientView) => void
  readonly onOpenStudy?: (study: string) => void
  readonly apps: readonly AppFace[]
  readonly onStartTask: (app: string, task: string) => void
}

/** What a colleague would tell you at the door of the room. */
export function Overview({ chart, apps, onView, onOpenStudy, onStartTask }: Props) {
  const goTo = (page: 'dokumenter' | 'provesvar', label: string) => (
    <Button size="xsmall" variant="tertiary" onClick={() => onView({ kind: 'chart', page })}>
      {label}
    </Button>
  )
  return (
    <div className="overview">
      <div className="overview__column">
        <Panel title="Vitale målinger">
          {chart.vitals.some(({ points }) => points.length > 0) ? (
            <VitalsTable chart={chart} />
          ) : (
            <EmptyLine>{formatEmpty(chart, 'Observation', 'Ingen målinger å vise.')}</EmptyLine>
          )}
        </Panel>
        <Panel title="Siste prøvesvar" aside={goTo('provesvar', 'Alle prøvesvar')}>
          {chart.labs.length > 0 ? (
            <LatestLabs labs={chart.labs} />
          ) : (
            <EmptyLine>{formatEmpty(chart, 'Observation', 'Ingen prøvesvar å vise.')}</EmptyLine>
          )}
        </Panel>
        <ImagingPanel chart={chart} {...(onOpenStudy ? { onOpenStudy } : {})} />
        <Panel title="Dokumenter" aside={goTo('dokumenter', 'Alle dokumenter')}>
          {chart.documents.length === 0 && (
            <EmptyLine>{formatEmpty(chart, 'DocumentReference', 'Ingen dokumenter å vise.')}</EmptyLine>
          )}
          <ul className="rows">
            {chart.documents.slice(0, 5).map(({ id, title, author, at }) => (
              <li key={id} className="rows__row">
                <span className="rows__main">{title}</span>
                <span className="rows__aside">{author}</span>
                <span className="rows__when">{formatMoment(at)}</span>
              </li>
            ))}
          </ul>
        </Panel>
      </div>
      <div className="overview__column">
        <CriticalPanel chart={chart} />
        {chart.tasks.length > 0 && <TasksPanel tasks={chart.tasks} apps={apps} onStart={onStartTask} />}
        <Panel title="Diagnoser">
          {chart.conditions.length === 0 && (
            <EmptyLine>{formatEmpty(chart, 'Condition', 'Ingen diagnoser å vise.')}</EmptyLine>
          )}
          <ul className="rows">
            {chart.conditions.map(({ text, code, since }) => (
              <li key={`${code ?? ''}${text}`} className="rows__row">
                <span className="rows__code">{code ?? ''}</span>
                <span className="rows__main">{text}</span>
                <span className="rows__when">{since && formatDate(since)}</span>
              </li>
            ))}
          </ul>
        </Panel>
        <MedicationsPanel chart={chart} />
        <OrdersPanel chart={chart} />
        <ContactsPanel chart={chart} />
      </div>
    </div>
  )
}
