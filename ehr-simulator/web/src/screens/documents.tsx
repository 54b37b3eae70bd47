import { Heading } from '@navikt/ds-react'
import { useState } from 'react'
import type { DocumentFace, PatientChart } from '../api/overview.ts'
import { formatEmpty } from '../chart/emptiness.ts'
import { formatMoment } from '../format/dates.ts'

/** Dokumentliste on the left, the chosen one open on the right. */
export function Documents({ chart }: { readonly chart: PatientChart }) {
  const [chosen, setChosen] = useState<string | null>(null)
  const open = chart.documents.find(({ id }) => id === chosen) ?? chart.documents[0]
  if (open === undefined)
    return <p className="empty-page">{formatEmpty(chart, 'DocumentReference', 'Ingen dokumenter å vise.')}</p>
  return (
    <div className="documents">
      <nav aria-label="Dokumentliste" className="documents__list">
        <ul>
          {chart.documents.map((document) => (
            <li key={document.id}>
              <button
                type="button"
                className="documents__item"
                aria-current={document.id === open.id ? 'true' : undefined}
                onClick={() => setChosen(document.id)}
              >
                <span className="documents__title">{document.title}</span>
                {document.opened && <span className="documents__opened">Sperret – åpnet for deg</span>}
                <span className="documents__line">
                  <span>{formatMoment(document.at)}</span>
                  <span>{document.author}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      </nav>
      <Reader document={open} />
    </div>
  )
}

function Reader({ document }: { readonly document: DocumentFace }) {
  return (
    <article className="documents__open">
      <header>
        <Heading level="2" size="small">
          {document.title}
        </Heading>
        <p className="documents__meta">
          {[document.type, formatMoment(document.at), document.author].filter((part) => part !== '').join(' · ')}
        </p>
      </header>
      {document.body === '' ? (
        <p className="empty-line">Dokumentet har ikke tekst som kan vises her.</p>
      ) : (
        <div className="documents__body">{document.body}</div>
      )}
    </article>
  )
}
