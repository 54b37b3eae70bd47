import { Button, Heading, Loader, Tag } from '@navikt/ds-react'
import { useCallback, useState } from 'react'
import { formatClock, formatDate, osloDay } from '../format/dates.ts'
import { RefusalNotice } from '../parts/refusal-notice.tsx'
import { useAnswer } from '../surface/use-answer.ts'
import type { CitizenClient, LookFace } from './api.ts'

/** «Hvem har sett i journalen din»: when, who, where, what, why and through what, back to the first look. */
export function AccessLog({ client }: { readonly client: CitizenClient }) {
  const [cursors, setCursors] = useState<readonly (string | null)[]>([null])
  return (
    <section className="insight" aria-labelledby="insight">
      <Heading level="1" size="medium" id="insight">
        Hvem har sett i journalen din
      </Heading>
      <p className="insight__words">
        Her ser du alle som har åpnet opplysninger om deg ved sykehuset, og hvorfor. Kjenner du deg ikke igjen i noe av
        det, kan du ta kontakt med sykehuset.
      </p>
      {cursors.map((cursor, index) => (
        <Page
          key={cursor ?? ''}
          client={client}
          cursor={cursor}
          onOlder={index === cursors.length - 1 ? (older) => setCursors([...cursors, older]) : null}
        />
      ))}
    </section>
  )
}

type PageProps = {
  readonly client: CitizenClient
  readonly cursor: string | null
  /** Null once the page after this one is shown. */
  readonly onOlder: ((older: string) => void) | null
}

function Page({ client, cursor, onOlder }: PageProps) {
  const ask = useCallback(() => client.log(cursor), [client, cursor])
  const [answer, again] = useAnswer(ask)
  if (answer.kind === 'loading') return <Loader size="large" title="Henter innsynsloggen …" className="waiting" />
  if (answer.kind === 'refused') return <RefusalNotice refused={answer} onAgain={again} />
  const { looks, older } = answer.value
  return (
    <>
      {looks.length === 0 && cursor === null && older === null && (
        <p className="empty-line">Ingen har sett i journalen din ennå.</p>
      )}
      <ol className="looks" aria-label={cursor === null ? 'Innsyn, nyeste først' : 'Eldre innsyn, nyeste først'}>
        {looks.map((look) => (
          <Look key={look.id} look={look} />
        ))}
      </ol>
      {older !== null && onOlder !== null && (
        <Button variant="secondary" size="small" onClick={() => onOlder(older)}>
          Vis eldre innsyn
        </Button>
      )}
    </>
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
