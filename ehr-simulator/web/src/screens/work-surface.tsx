import { MagnifyingGlassIcon, PersonGroupIcon, TasklistIcon } from '@navikt/aksel-icons'
import { useCallback, useEffect, useMemo, useState } from 'react'
import type { HostClient } from '../api/client.ts'
import type { RoleFace, SessionFace } from '../api/session.ts'
import { formatPatientName } from '../format/patient-line.ts'
import { AppIcon } from '../parts/app-icon.tsx'
import { Rail } from '../parts/rail.tsx'
import { TabStrip, tabIdOf, type StripTab } from '../parts/tab-strip.tsx'
import type { Address } from '../surface/address.ts'
import { offeredIn, unitNameOf } from '../surface/apps.ts'
import { neighbourOf } from '../surface/tabs.ts'
import { useAddress } from '../surface/use-address.ts'
import { useAnswer } from '../surface/use-answer.ts'
import { useLastViews } from '../surface/use-last-views.ts'
import { useTabs } from '../surface/use-tabs.ts'
import { useUnitTabs, type UnitTab } from '../surface/use-unit-tabs.ts'
import { ControlList } from './control-list.tsx'
import { FindPatient } from './find-patient.tsx'
import { PatientList } from './patient-list.tsx'
import { PatientPage } from './patient-page.tsx'
import { TopBar } from './top-bar.tsx'
import { UnitApp } from './unit-app.tsx'

type Props = {
  readonly session: SessionFace
  readonly role: RoleFace
  readonly client: HostClient
  readonly onChangeRole: () => void
  readonly onSignOut: () => void
}

const OVERVIEW = { kind: 'chart', page: 'oversikt' } as const
const LIST = 'liste'
const FIND = 'finn'
const CONTROL = 'kontroll'
const unitTabId = (app: string) => `enhet-${app}`
const panelOf = (id: string) => `ark-${id}`

export function WorkSurface({ session, role, client, onChangeRole, onSignOut }: Props) {
  const [address, go] = useAddress()
  const lastPlaceOf = useLastViews(address)
  const [tabs, act] = useTabs(client, session.person.id, role.id)
  const askUnit = useCallback(() => client.unit(), [client])
  const [unit, again] = useAnswer(askUnit, 30)
  const unitApps = useMemo(() => offeredIn(session.apps, 'unit'), [session.apps])
  const { tabs: unitTabs, open: openUnitTab, close: dropUnitTab } = useUnitTabs(client)

  // The address leads: a link, «back» or typing opens what it names.
  const addressed = address.kind === 'patient' ? address.patient : null
  useEffect(() => {
    if (addressed !== null) act({ kind: 'open', patient: addressed, workspace: crypto.randomUUID() })
  }, [act, addressed])
  const unitApp = address.kind === 'unit' && unitApps.some(({ id }) => id === address.app) ? address.app : null
  useEffect(() => {
    if (unitApp !== null) openUnitTab(unitApp)
  }, [openUnitTab, unitApp])

  // People from outside the unit's list are named by their own chart, once it is open.
  const [found, setFound] = useState<ReadonlyMap<string, string>>(new Map())
  const nameFound = useCallback((patient: string, name: string) => {
    setFound((names) => (names.get(patient) === name ? names : new Map(names).set(patient, name)))
  }, [])
  const rows = unit.kind === 'answered' ? unit.value.patients : []
  const nameOf = (patient: string) => {
    const row = rows.find((candidate) => candidate.patient.id === patient)
    return row ? formatPatientName(row.patient) : (found.get(patient) ?? 'Pasient')
  }
  const open = (patient: string) => go({ kind: 'patient', patient, view: OVERVIEW })
  const close = (patient: string) => {
    const neighbour = neighbourOf(tabs, patient)
    act({ kind: 'close', patient })
    if (addressed === patient) go(neighbour === undefined ? { kind: 'list' } : lastPlaceOf(neighbour))
  }
  const switchTo = (from: string, to: string) => {
    act({ kind: 'switch', from, to, workspace: crypto.randomUUID() })
    open(to)
  }
  const closeUnitTab = (tab: UnitTab) => {
    dropUnitTab(tab)
    if (unitApp === tab.app) go({ kind: 'list' })
  }
  const openUnitApps = unitTabs.flatMap((tab) => {
    const app = unitApps.find(({ id }) => id === tab.app)
    return app === undefined ? [] : [{ app, tab }]
  })

  const strip: StripTab[] = [
    { id: LIST, label: 'Pasientliste', icon: <PersonGroupIcon aria-hidden fontSize="1.1rem" /> },
  ]
  if (address.kind === 'find') {
    strip.push({ id: FIND, label: 'Finn pasient', icon: <MagnifyingGlassIcon aria-hidden fontSize="1.1rem" /> })
  }
  if (address.kind === 'control' && role.controls) {
    strip.push({ id: CONTROL, label: 'Kontrolliste', icon: <TasklistIcon aria-hidden fontSize="1.1rem" /> })
  }
  for (const { app, tab } of openUnitApps) {
    strip.push({
      id: unitTabId(app.id),
      label: unitNameOf(app),
      icon: <AppIcon app={app.id} size="1.1rem" />,
      onClose: () => closeUnitTab(tab),
    })
  }
  for (const { patient } of tabs) {
    strip.push({ id: patient, label: nameOf(patient), onClose: () => close(patient) })
  }
  const placeOf = (id: string): Address => {
    const unitTab = openUnitApps.find(({ app }) => unitTabId(app.id) === id)
    if (unitTab !== undefined) return { kind: 'unit', app: unitTab.app.id }
    if (id === FIND) return { kind: 'find' }
    if (id === CONTROL) return { kind: 'control' }
    return id === LIST ? { kind: 'list' } : lastPlaceOf(id)
  }
  const ownPage = address.kind === 'find' ? FIND : address.kind === 'control' && role.controls ? CONTROL : LIST
  const selected = addressed ?? (unitApp === null ? ownPage : unitTabId(unitApp))

  return (
    <div className="surface">
      <Rail address={address} unitApps={unitApps} controls={role.controls} />
      <TopBar session={session} role={role} onChangeRole={onChangeRole} onSignOut={onSignOut} />
      <TabStrip
        label="Arkfaner"
        className="leaves"
        tabs={strip}
        selected={selected}
        panelOf={panelOf}
        onSelect={(id) => go(placeOf(id))}
      />
      <main className="desk">
        <Leaf id={LIST} shown={selected === LIST}>
          <PatientList client={client} unit={unit} onAgain={again} onOpen={open} />
        </Leaf>
        {selected === FIND && (
          <Leaf id={FIND} shown>
            <FindPatient client={client} />
          </Leaf>
        )}
        {selected === CONTROL && (
          <Leaf id={CONTROL} shown>
            <ControlList client={client} />
          </Leaf>
        )}
        {openUnitApps.map(({ app, tab }) => (
          <Leaf key={tab.workspace} id={unitTabId(app.id)} shown={unitApp === app.id}>
            <UnitApp app={app} client={client} workspace={tab.workspace} unit={role.unit} />
          </Leaf>
        ))}
        {tabs.map(({ patient, workspace }) => (
          <Leaf key={workspace} id={patient} shown={addressed === patient}>
            <PatientPage
              client={client}
              patient={patient}
              workspace={workspace}
              apps={session.apps}
              rows={rows}
              view={address.kind === 'patient' && address.patient === patient ? address.view : null}
              onView={(view) => go({ kind: 'patient', patient, view })}
              onClose={() => close(patient)}
              onSwitch={(to) => switchTo(patient, to)}
              onNamed={nameFound}
            />
          </Leaf>
        ))}
      </main>
    </div>
  )
}

/** Kept in the page while it is open: hiding a frame keeps its app alive, removing it would end it. */
function Leaf({
  id,
  shown,
  children,
}: {
  readonly id: string
  readonly shown: boolean
  readonly children: React.ReactNode
}) {
  return (
    <div role="tabpanel" id={panelOf(id)} aria-labelledby={tabIdOf(panelOf(id))} hidden={!shown} className="leaf">
      {children}
    </div>
  )
}
