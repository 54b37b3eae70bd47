import { Button, Tag } from '@navikt/ds-react'
import type { PatientChart } from '../api/overview.ts'
import { formatDate, formatFhirDate, formatMoment, formatSpan } from '../format/dates.ts'
import { formatCount } from '../format/numbers.ts'
import { LatestLabs } from '../parts/latest-labs.tsx'
import { EmptyLine, Panel } from '../parts/panel.tsx'
import { VitalsTable } from '../parts/vitals-table.tsx'
import type { PatientView } from '../surface/address.ts'

type Props = {
  readonly chart: PatientChart
  readonly onView: (view: PatientView) => void
  readonly onOpenStudy?: (study: string) => void
}

/** What a colleague would tell you at the door of the room. */
export function Overview({ chart, onView, onOpenStudy }: Props) {
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
            <EmptyLine>Ingen målinger registrert.</EmptyLine>
          )}
        </Panel>
        <Panel title="Siste prøvesvar" aside={goTo('provesvar', 'Alle prøvesvar')}>
          {chart.labs.length > 0 ? <LatestLabs labs={chart.labs} /> : <EmptyLine>Ingen prøvesvar.</EmptyLine>}
        </Panel>
        <Imaging chart={chart} {...(onOpenStudy ? { onOpenStudy } : {})} />
        <Panel title="Dokumenter" aside={goTo('dokumenter', 'Alle dokumenter')}>
          {chart.documents.length === 0 && <EmptyLine>Ingen dokumenter.</EmptyLine>}
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
        <Critical chart={chart} />
        <Panel title="Diagnoser">
          {chart.conditions.length === 0 && <EmptyLine>Ingen diagnoser registrert.</EmptyLine>}
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
        <Medications chart={chart} />
        <Orders chart={chart} />
        <Contacts chart={chart} />
      </div>
    </div>
  )
}

function Medications({ chart }: { readonly chart: PatientChart }) {
  const regular = chart.medications.filter(({ given }) => !given)
  const given = chart.medications.filter((medication) => medication.given)
  return (
    <Panel title="Legemidler">
      {chart.medications.length === 0 && <EmptyLine>Ingen legemidler registrert.</EmptyLine>}
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

function Imaging({ chart, onOpenStudy }: Pick<Props, 'chart' | 'onOpenStudy'>) {
  return (
    <Panel title="Bildeundersøkelser">
      {chart.imaging.length === 0 && <EmptyLine>Ingen bildeundersøkelser.</EmptyLine>}
      <ul className="rows">
        {chart.imaging.map(({ id, title, modality, at, images, conclusion }) => (
          <li key={id} className="rows__row rows__row--tall">
            <span className="rows__code">{modality}</span>
            <span className="rows__main">
              <strong>{title}</strong>
              {images !== null && <span className="rows__aside"> {formatCount(images, 'bilde', 'bilder')}</span>}
              {conclusion !== null && <span className="rows__note">{conclusion}</span>}
            </span>
            <span className="rows__when">{formatMoment(at)}</span>
            {onOpenStudy && (
              <Button
                size="xsmall"
                variant="secondary"
                aria-label={`Åpne bilder: ${title} ${formatDate(at)}`}
                onClick={() => onOpenStudy(id)}
              >
                Åpne bilder
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Critical({ chart }: { readonly chart: PatientChart }) {
  return (
    <Panel
      title="Kritisk informasjon"
      className={chart.critical.some(({ severity }) => severity === 'high') ? 'panel--critical' : ''}
    >
      {chart.critical.length === 0 && <EmptyLine>Ingen kjente allergier eller kritisk informasjon.</EmptyLine>}
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

function Orders({ chart }: { readonly chart: PatientChart }) {
  return (
    <Panel title="Bestillinger">
      {chart.orders.length === 0 && <EmptyLine>Ingen bestillinger.</EmptyLine>}
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

function Contacts({ chart }: { readonly chart: PatientChart }) {
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
