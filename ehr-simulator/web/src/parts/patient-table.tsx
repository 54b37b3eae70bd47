import { Loader, Table } from '@navikt/ds-react'
import { useState } from 'react'
import type { PatientRow, UnitFace } from '../api/patients.ts'
import { formatNear, formatSince } from '../format/dates.ts'
import { formatAge, formatGender, formatPatientName, formatPatientNumber } from '../format/patient-line.ts'
import { formatAddress } from '../surface/address.ts'
import { nextSorting, SORT_KEYS, sortPatients, type Sorting } from '../surface/sort-patients.ts'
import type { Asked } from '../surface/use-answer.ts'
import { News2Chip } from './news2-chip.tsx'
import { PatientFlags } from './patient-flags.tsx'
import { RefusalNotice } from './refusal-notice.tsx'
import { UnitNow } from './unit-now.tsx'

type Props = {
  readonly asked: Asked<UnitFace>
  readonly empty: string
  readonly onAgain: () => void
  readonly onOpen: (patient: string) => void
}

/** The list in whatever state it is: coming, refused, empty, or there. */
export function PatientTable({ asked, empty, onAgain, onOpen }: Props) {
  const [sorting, setSorting] = useState<Sorting>({ key: 'place', direction: 'ascending' })
  if (asked.kind === 'loading') return <Loader size="large" title="Henter pasientlisten …" className="waiting" />
  if (asked.kind === 'refused') return <RefusalNotice refused={asked} onAgain={onAgain} />
  const { now, patients } = asked.value
  if (patients.length === 0) return <p className="empty-page">{empty}</p>
  const onSort = (clicked: string) => {
    const key = SORT_KEYS.find((known) => known === clicked)
    if (key !== undefined) setSorting(nextSorting(sorting, key))
  }
  return (
    <div className="list-page__table">
      <Table
        size="small"
        zebraStripes
        sort={{ orderBy: sorting.key, direction: sorting.direction }}
        onSortChange={onSort}
      >
        <Table.Header>
          <Table.Row>
            <Table.ColumnHeader sortable sortKey="name">
              Pasient
            </Table.ColumnHeader>
            <Table.HeaderCell>Fødselsnummer</Table.HeaderCell>
            <Table.HeaderCell className="list-row__age">Alder</Table.HeaderCell>
            <Table.HeaderCell className="list-row__sex">Kjønn</Table.HeaderCell>
            <Table.ColumnHeader sortable sortKey="place">
              Rom/seng
            </Table.ColumnHeader>
            <Table.HeaderCell>Årsak</Table.HeaderCell>
            <Table.ColumnHeader sortable sortKey="admitted" className="list-row__admitted">
              Inn
            </Table.ColumnHeader>
            <Table.ColumnHeader sortable sortKey="news2">
              NEWS2
            </Table.ColumnHeader>
            <Table.HeaderCell>Neste</Table.HeaderCell>
            <Table.HeaderCell>Varsler</Table.HeaderCell>
          </Table.Row>
        </Table.Header>
        <Table.Body>
          {sortPatients(patients, sorting).map((row) => (
            <Row key={row.patient.id} row={row} now={now} onOpen={onOpen} />
          ))}
        </Table.Body>
      </Table>
      <UnitNow rows={patients} now={now} />
    </div>
  )
}

function Row({
  row,
  now,
  onOpen,
}: {
  readonly row: PatientRow
  readonly now: Date
  readonly onOpen: (patient: string) => void
}) {
  const { patient } = row
  const href = formatAddress({ kind: 'patient', patient: patient.id, view: { kind: 'chart', page: 'oversikt' } })
  return (
    <Table.Row className="list-row" onClick={() => onOpen(patient.id)}>
      <Table.HeaderCell scope="row">
        <a href={href} className="list-row__name" onClick={(event) => event.stopPropagation()}>
          {formatPatientName(patient)}
        </a>
      </Table.HeaderCell>
      <Table.DataCell className="figures">{formatPatientNumber(patient)}</Table.DataCell>
      <Table.DataCell className="figures list-row__age">{formatAge(patient.birthDate, now)}</Table.DataCell>
      <Table.DataCell className="list-row__sex">{formatGender(patient.gender)}</Table.DataCell>
      <Table.DataCell className="list-row__place">
        {row.place}
        {row.status === 'underway' && <span className="underway">På vei inn</span>}
      </Table.DataCell>
      <Table.DataCell className="list-row__reason" title={row.reason}>
        {row.reason}
      </Table.DataCell>
      <Table.DataCell className="figures list-row__admitted">
        {row.admitted && formatNear(row.admitted, now)}
      </Table.DataCell>
      <Table.DataCell>
        {row.news2 ? (
          <span className="score">
            <News2Chip score={row.news2.score} three={row.news2.three} />
            <span className="score__since">{formatSince(row.news2.at, now)}</span>
          </span>
        ) : (
          '–'
        )}
      </Table.DataCell>
      <Table.DataCell className="figures">
        {row.next ? `${formatNear(row.next.at, now)} ${row.next.what}` : '–'}
      </Table.DataCell>
      <Table.DataCell>
        <PatientFlags patient={patient} />
      </Table.DataCell>
    </Table.Row>
  )
}
