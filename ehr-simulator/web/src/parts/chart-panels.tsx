import { Tag } from '@navikt/ds-react'
import type { PatientChart } from '../api/overview.ts'
import { formatEmpty, formatNothingCritical } from '../chart/emptiness.ts'
import { formatDate, formatFhirDate, formatMoment, formatSpan } from '../format/dates.ts'
import { EmptyLine, Panel } from './panel.tsx'

type Props = { readonly chart: PatientChart }

export function CriticalPanel({ chart }: Props) {
  return (
    <Panel
      title="Kritisk informasjon"
      className={chart.critical.some(({ severity }) => severity === 'high') ? 'panel--critical' : ''}
    >
      {chart.critical.length === 0 && <EmptyLine>{formatNothingCritical(chart)}</EmptyLine>}
      <ul className="rows">
        {chart.critical.map(({ kind, text, reaction, severity }) => (
          <li key={`${kind}${text}`} className="rows__row">
            <Tag size="xsmall" variant={severity === 'high' || kind === 'critical' ? 'error' : 'warning'}>
              {kind === 'allergy' ? 'Allergi' : 'Kritisk'}
            </Tag>
            <span className="rows__main">
              <strong>{text}</strong>
              {reaction !== null && <span> – {reaction}</span>}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

export function MedicationsPanel({ chart }: Props) {
  const regular = chart.medications.filter(({ given }) => !given)
  const given = chart.medications.filter((medication) => medication.given)
  return (
    <Panel title="Legemidler">
      {chart.medications.length === 0 && (
        <EmptyLine>{formatEmpty(chart, 'MedicationStatement', 'Ingen legemidler å vise.')}</EmptyLine>
      )}
      <ul className="rows">
        {regular.map(({ name, dosage, since }) => (
          <li key={`${name}${dosage}`} className="rows__row">
            <span className="rows__main">
              <strong>{name}</strong> {dosage}
            </span>
            <span className="rows__when">{since && `fra ${formatDate(since)}`}</span>
          </li>
        ))}
        {given.map(({ name, dosage, since }) => (
          <li key={`gitt${name}${dosage}`} className="rows__row">
            <span className="rows__main">
              <strong>{name}</strong> {dosage}
            </span>
            <span className="rows__when">{since && `sist gitt ${formatMoment(since)}`}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

export function OrdersPanel({ chart }: Props) {
  return (
    <Panel title="Bestillinger">
      {chart.orders.length === 0 && (
        <EmptyLine>{formatEmpty(chart, 'ServiceRequest', 'Ingen bestillinger å vise.')}</EmptyLine>
      )}
      <ul className="rows">
        {chart.orders.slice(0, 8).map(({ id, what, status, urgent, at, by }) => (
          <li key={id} className="rows__row">
            <Tag size="xsmall" variant={urgent ? 'warning' : 'neutral'}>
              {urgent ? `${status}, haster` : status}
            </Tag>
            <span className="rows__main">{what}</span>
            <span className="rows__aside">{by}</span>
            <span className="rows__when">{at && formatMoment(at)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

export function ContactsPanel({ chart }: Props) {
  return (
    <Panel title="Kontakter og opplysninger">
      <ul className="rows">
        {chart.encounters.map(({ id, kind, place, reason, start, end }) => (
          <li key={id} className="rows__row">
            <span className="rows__main">
              <strong>{kind}</strong> {[place, reason].filter((part) => part !== '').join(' · ')}
            </span>
            <span className="rows__when">{formatSpan(start, end)}</span>
          </li>
        ))}
      </ul>
      <dl className="facts">
        <dt>Født</dt>
        <dd>{formatFhirDate(chart.patient.birthDate)}</dd>
        {chart.contact.map(({ label, value }) => (
          <div key={label} className="facts__pair">
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}
