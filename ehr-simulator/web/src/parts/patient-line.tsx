import { ArrowsSquarepathIcon, XMarkIcon } from '@navikt/aksel-icons'
import { Button, Tag } from '@navikt/ds-react'
import { useState } from 'react'
import type { PatientChart } from '../api/overview.ts'
import type { PatientRow } from '../api/patients.ts'
import { formatPatientLine } from '../format/patient-line.ts'
import { latestOf } from '../chart/latest.ts'
import { News2Chip } from './news2-chip.tsx'
import { PatientSwitch } from './patient-switch.tsx'

type Props = {
  readonly chart: PatientChart
  readonly rows: readonly PatientRow[]
  readonly onClose: () => void
  readonly onSwitch: (patient: string) => void
}

/** Who this is, on every page of the patient: the line nobody may mistake. */
export function PatientLine({ chart, rows, onClose, onSwitch }: Props) {
  const [switching, setSwitching] = useState(false)
  const { patient, critical, encounters, now } = chart
  const current = encounters.find(({ status }) => status === 'open')
  const placed = [current?.place ?? '', current?.reason ?? ''].filter((part) => part !== '').join(' · ')
  // A score of an earlier visit says nothing of how the patient is.
  const score = chart.learning ? undefined : latestOf(chart.vitals, 'news2')
  return (
    <header className="line">
      <h1 className="line__who">{formatPatientLine(patient, now)}</h1>
      {critical.length > 0 && (
        <ul className="line__flags" aria-label="Kritisk informasjon">
          {critical.map(({ kind, text, severity }) => (
            <li key={`${kind}-${text}`}>
              <Tag size="xsmall" variant={kind === 'critical' || severity === 'high' ? 'error-filled' : 'warning'}>
                {kind === 'allergy' ? `Allergi: ${text}` : text}
              </Tag>
            </li>
          ))}
        </ul>
      )}
      {current && (
        <span className="line__place" title={placed}>
          {placed}
        </span>
      )}
      {score && (
        <span className="line__score">
          NEWS2 <News2Chip score={score.value} three={chart.news2Three} />
        </span>
      )}
      <span className="line__tools">
        <Button
          size="xsmall"
          variant="tertiary"
          data-color="neutral"
          icon={<ArrowsSquarepathIcon aria-hidden />}
          aria-haspopup="dialog"
          onClick={() => setSwitching(true)}
        >
          Bytt pasient
        </Button>
        <Button
          size="xsmall"
          variant="tertiary"
          data-color="neutral"
          icon={<XMarkIcon aria-hidden />}
          onClick={onClose}
        >
          Lukk pasienten
        </Button>
      </span>
      {switching && (
        <PatientSwitch
          rows={rows.filter((row) => row.patient.id !== patient.id)}
          now={now}
          onCancel={() => setSwitching(false)}
          onChoose={(to) => {
            setSwitching(false)
            onSwitch(to)
          }}
        />
      )}
    </header>
  )
}
