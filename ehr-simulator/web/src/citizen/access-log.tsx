import { Alert, Heading, Loader, Tag } from '@navikt/ds-react'
import { useCallback } from 'react'
import { formatClock, formatDate, osloDay } from '../format/dates.ts'
import { RefusalNotice } from '../parts/refusal-notice.tsx'
import { useAnswer } from '../surface/use-answer.ts'
import type { CitizenClient, LookFace } from './api.ts'

/** «Hvem har sett i journalen din»: when, who, where, what, why and through what. */
export function AccessLog({ client }: { readonly client: CitizenClient }) {
  const ask = useCallback(() => client.log(), [client])
  const [answer, again] = useAnswer(ask)
  return (
    <section className="insight" aria-labelledby="insight">
      <Heading level="1" size="medium" id="insight">
        Hvem har sett i journalen din
      </Heading>
      <p className="insight__words">
        Her ser du alle som har åpnet opplysninger om deg ved sykehuset, og hvorfor. Kjenner du deg ikke igjen i noe av
        det, kan du ta kontakt med sykehuset.
      </p>
      {answer.kind === 'loading' && <Loader size="large" title="Henter innsynsloggen …" className="waiting" />}
      {answer.kind === 'refused' && <RefusalNotice refused={answer} onAgain={again} />}
      {answer.kind === 'answered' && (
        <>
          {answer.value.looks.length === 0 && <p className="empty-line">Ingen har sett i journalen din ennå.</p>}
          <ol className="looks" aria-label="Innsyn, nyeste først">
            {answer.value.looks.map((look) => (
              <Look key={look.id} look={look} />
            ))}
          </ol>
          {answer.value.more && (
            <Alert variant="info" size="small">
              Eldre innsyn vises ikke her. Ta kontakt med sykehuset for å få hele loggen.
            </Alert>
          )}
        </>
      )}
    </section>
  )
}

const TAGS = {
  ordinary: null,
  emergency: { variant: 'warning', words: 'Blålys' },
  glass: { variant: 'error', words: 'Sperring opphevet' },
  refused: { variant: 'neutral', words: 'Fikk ikke tilgang' },
} as const

function Look({ look }: { readonly look: LookFace }) {
  const tag = TAGS[look.kind]
  return (
    <li className={`look look--${look.kind}`}>
      <div className="look__when">
        <span>{formatDate(look.to)}</span>
        <span>kl. {span(look)}</span>
      </div>
      <div className="look__who">
        <strong>{look.who}</strong>
        <span>{[look.profession, look.role].filter((part) => part !== '').join(' · ')}</span>
        <span>{[look.department, look.organization].filter((part) => part !== '').join(', ')}</span>
      </div>
      <dl className="look__facts">
        <dt>Hva</dt>
        <dd>
          {look.what}
          {tag !== null && (
            <Tag size="xsmall" variant={tag.variant}>
              {tag.words}
            </Tag>
          )}
        </dd>
        <dt>Hvorfor</dt>
        <dd>{[look.purpose, look.ground].filter((part) => part !== null && part !== '').join(' – ')}</dd>
        {look.reason !== '' && (
          <>
            <dt>Begrunnelse</dt>
            <dd>«{look.reason}»</dd>
          </>
        )}
        <dt>Kilde</dt>
        <dd>{look.source}</dd>
      </dl>
    </li>
  )
}

/** `09:05`, or `09:05–09:40` for what went on for a while. */
function span({ from, to }: LookFace): string {
  const [first, last] = [formatClock(from), formatClock(to)]
  if (first === last) return last
  return osloDay(from) === osloDay(to) ? `${first}–${last}` : last
}
