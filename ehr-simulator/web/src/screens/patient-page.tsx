import { Alert, Loader } from '@navikt/ds-react'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { HostClient } from '../api/client.ts'
import type { PatientChart } from '../api/overview.ts'
import type { PatientRow } from '../api/patients.ts'
import type { AppFace } from '../api/session.ts'
import { formatPatientName } from '../format/patient-line.ts'
import { AppDeck } from '../parts/app-deck.tsx'
import { AppIcon } from '../parts/app-icon.tsx'
import { OwnAccess } from '../parts/own-access.tsx'
import { PatientLine } from '../parts/patient-line.tsx'
import { RefusalNotice } from '../parts/refusal-notice.tsx'
import { TabStrip, tabIdOf, type StripTab } from '../parts/tab-strip.tsx'
import type { PatientView } from '../surface/address.ts'
import { offeredIn } from '../surface/apps.ts'
import { pageId, parsePageId, PAGE_NAMES } from '../surface/pages.ts'
import { useAnswer } from '../surface/use-answer.ts'
import { useLaunches } from '../surface/use-launches.ts'
import { ChooseAccess } from './choose-access.tsx'
import { Documents } from './documents.tsx'
import { LabResults } from './lab-results.tsx'
import { Overview } from './overview.tsx'

type Props = {
  readonly client: HostClient
  readonly patient: string
  readonly workspace: string
  readonly apps: readonly AppFace[]
  readonly rows: readonly PatientRow[]
  /** Null while another tab is in front. */
  readonly view: PatientView | null
  readonly onView: (view: PatientView) => void
  readonly onClose: () => void
  readonly onSwitch: (patient: string) => void
  readonly onNamed: (patient: string, name: string) => void
}

const DEFAULT_VIEW: PatientView = { kind: 'chart', page: 'oversikt' }
/** The app that shows the images of a study row. */
const IMAGE_APP = 'pacs-viewer'
/** Looking back opens the chart and no app (norway.md §6.3). */
const LEARNING = 'Egen læring gjelder bare i journalen. Apper kan ikke åpnes.'
const NO_ACCESS = 'patient_not_available'

/** One patient's tab: the chart while there is access to it, the way to access while there is none. */
export function PatientPage(props: Props) {
  const { client, patient, workspace, onClose, onNamed } = props
  const ask = useCallback(() => client.chart(patient), [client, patient])
  const [chart, again] = useAnswer(ask, 30)
  const [opened, setOpened] = useState(false)
  const refusal = chart.kind === 'refused' ? chart.code : null
  const name = chart.kind === 'answered' ? formatPatientName(chart.value.patient) : null
  if (name !== null && !opened) setOpened(true)
  useEffect(() => {
    if (name !== null) onNamed(patient, name)
  }, [name, onNamed, patient])
  useEffect(() => {
    // Whatever was launched from this tab leaned on an access that is over.
    if (opened && refusal === NO_ACCESS) void client.endLaunches({ workspace, patient })
  }, [client, opened, patient, refusal, workspace])

  if (chart.kind === 'loading') return <Loader size="large" title="Henter pasienten …" className="waiting" />
  if (chart.kind === 'refused' && chart.code === NO_ACCESS) {
    return <ChooseAccess client={client} patient={patient} lost={opened} onTaken={again} onClose={onClose} />
  }
  if (chart.kind === 'refused') return <RefusalNotice refused={chart} onAgain={again} onClose={onClose} />
  return <OpenPatient {...props} chart={chart.value} onAgain={again} />
}

function OpenPatient({
  client,
  patient,
  workspace,
  apps,
  rows,
  view,
  chart,
  onView,
  onClose,
  onSwitch,
  onAgain,
}: Props & { readonly chart: PatientChart; readonly onAgain: () => void }) {
  const offered = useMemo(() => offeredIn(apps, 'patient'), [apps])
  const launches = useLaunches(client, workspace, patient)
  const shown = view ?? DEFAULT_VIEW
  const panelOf = (id: string) => `side-${patient}-${id}`
  const tabs: StripTab[] = [
    ...PAGE_NAMES.map(([page, label]) => ({ id: pageId({ kind: 'chart', page }), label })),
    ...offered.map((app) => ({
      id: pageId({ kind: 'app', app: app.id }),
      label: app.name,
      icon: <AppIcon app={app.id} size="1rem" />,
    })),
  ]
  const selected = pageId(shown)
  const withheld = chart.learning ? LEARNING : null
  const openStudy = (study: string) => {
    launches.open(IMAGE_APP, { kind: 'study', id: study })
    onView({ kind: 'app', app: IMAGE_APP })
  }
  const startTask = (app: string, task: string) => {
    if (withheld === null) launches.open(app, { kind: 'task', id: task })
    onView({ kind: 'app', app })
  }
  const canOpenStudy = withheld === null && offered.some(({ id }) => id === IMAGE_APP)
  return (
    <>
      <PatientLine chart={chart} rows={rows} onClose={onClose} onSwitch={onSwitch} />
      <OwnAccess client={client} chart={chart} onChanged={onAgain} />
      {chart.learning && (
        <Alert variant="info" size="small" className="learning-notice">
          Egen læring: Du ser bare tidligere opphold ved enheten din, ikke hele journalen. Apper kan ikke åpnes.
        </Alert>
      )}
      <TabStrip
        label="Pasientens sider"
        className="pages"
        tabs={tabs}
        selected={selected}
        panelOf={panelOf}
        onSelect={(id) => onView(parsePageId(id))}
      />
      <div role="tabpanel" id={panelOf(selected)} aria-labelledby={tabIdOf(panelOf(selected))} className="page">
        <ChartPageView
          chart={chart}
          apps={offered}
          view={shown}
          onView={onView}
          onStartTask={startTask}
          {...(canOpenStudy ? { onOpenStudy: openStudy } : {})}
        />
        <AppDeck
          apps={offered}
          launches={launches}
          view={shown}
          onEnlarge={(app) => onView({ kind: 'app', app })}
          withheld={withheld}
        />
      </div>
    </>
  )
}

type ChartPageProps = {
  readonly chart: PatientChart
  readonly apps: readonly AppFace[]
  readonly view: PatientView
  readonly onView: (view: PatientView) => void
  readonly onOpenStudy?: (study: string) => void
  readonly onStartTask: (app: string, task: string) => void
}

function ChartPageView({ chart, view, onView, onOpenStudy, onStartTask, apps }: ChartPageProps) {
  if (view.kind === 'app') return null
  switch (view.page) {
    case 'oversikt':
      return (
        <Overview
          chart={chart}
          apps={apps}
          onView={onView}
          onStartTask={onStartTask}
          {...(onOpenStudy ? { onOpenStudy } : {})}
        />
      )
    case 'dokumenter':
      return <Documents chart={chart} />
    case 'provesvar':
      return <LabResults chart={chart} />
    case 'apper':
      return null
  }
}
