import { Alert, Button, Heading, Loader, Tag } from '@navikt/ds-react'
import { useCallback, useState } from 'react'
import type { HostClient } from '../api/client.ts'
import type { ControlEntry } from '../api/control.ts'
import { formatMoment } from '../format/dates.ts'
import { RefusalNotice } from '../parts/refusal-notice.tsx'
import { ReviewForm } from '../parts/review-form.tsx'
import { useAnswer } from '../surface/use-answer.ts'

/** What people of the unit gave themselves access to. Every blue light and every lifted block is gone through. */
export function ControlList({ client }: { readonly client: HostClient }) {
  const ask = useCallback(() => client.control(), [client])
  const [answer, again] = useAnswer(ask)
  if (answer.kind === 'loading') return <Loader size="large" title="Henter kontrollisten …" className="waiting" />
  if (answer.kind === 'refused') return <RefusalNotice refused={answer} onAgain={again} />
  const { unit, entries } = answer.value
  const waiting = entries.filter(({ mustReview, review }) => mustReview && review === null)
  return (
    <div className="control">
      <Heading level="1" size="small">
        Kontrolliste – {unit}
      </Heading>
      <p className="control__words">
        Her står tilgang som ansatte i enheten har gitt seg selv, og all nødtilgang til enhetens pasienter. Blålys og
        opphevet sperring skal alltid kontrolleres.
      </p>
      {/* Each reading of the list is written down, so it is read anew when somebody asks, and not by itself. */}
      <Button size="xsmall" variant="tertiary" className="control__again" onClick={again}>
        Hent på nytt
      </Button>
      {waiting.length > 0 && (
        <Alert variant="warning" size="small">
          {waiting.length === 1 ? '1 tilgang venter på kontroll.' : `${waiting.length} tilganger venter på kontroll.`}
        </Alert>
      )}
      {entries.length === 0 && <p className="empty-line">Ingen har gitt seg selv tilgang de siste 90 dagene.</p>}
      <ul className="control__entries" aria-label="Tilganger">
        {entries.map((entry) => (
          <Entry key={entry.decision} entry={entry} client={client} onReviewed={again} />
        ))}
      </ul>
    </div>
  )
}

type EntryProps = { readonly entry: ControlEntry; readonly client: HostClient; readonly onReviewed: () => void }

function Entry({ entry, client, onReviewed }: EntryProps) {
  const [open, setOpen] = useState(false)
  const { review, kind } = entry
  return (
    <li className={`control__entry control__entry--${kind}`}>
      <div className="control__head">
        <Tag size="xsmall" variant={kind === 'chosen' || kind === 'learning' ? 'neutral' : 'error'}>
          {entry.title}
        </Tag>
        <strong>{entry.who}</strong>
        <span>{entry.role}</span>
        <span className="control__when">
          {formatMoment(entry.at)} – {formatMoment(entry.until)}
        </span>
        <Status entry={entry} />
      </div>
      <dl className="control__facts">
        <dt>Pasient</dt>
        <dd>{entry.patient}</dd>
        <dt>Begrunnelse</dt>
        <dd>{entry.reason === '' ? 'Ingen begrunnelse kreves for dette grunnlaget.' : entry.reason}</dd>
        {entry.items > 0 && (
          <>
            <dt>Åpnet</dt>
            <dd>{entry.items === 1 ? '1 sperret opplysning' : `${entry.items} sperrede opplysninger`}</dd>
          </>
        )}
        {review !== null && (
          <>
            <dt>Kontroll</dt>
            <dd>
              {review.outcome === 'accepted' ? 'I orden' : 'Følges opp'} – {review.by}, {formatMoment(review.at)}:{' '}
              {review.note}
            </dd>
          </>
        )}
      </dl>
      {review === null && !open && (
        <button
          type="button"
          className="control__begin"
          aria-label={`Kontroller: ${entry.title}, ${entry.who}, ${formatMoment(entry.at)}`}
          onClick={() => setOpen(true)}
        >
          Kontroller
        </button>
      )}
      {review === null && open && (
        <ReviewForm client={client} decision={entry.decision} onReviewed={onReviewed} onCancel={() => setOpen(false)} />
      )}
    </li>
  )
}

function Status({ entry: { review, mustReview } }: { readonly entry: ControlEntry }) {
  if (review !== null) {
    return (
      <Tag size="xsmall" variant="success">
        Kontrollert
      </Tag>
    )
  }
  return mustReview ? (
    <Tag size="xsmall" variant="warning">
      Venter på kontroll
    </Tag>
  ) : null
}
