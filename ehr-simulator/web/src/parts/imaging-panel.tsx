import { Button } from '@navikt/ds-react'
import type { PatientChart } from '../api/overview.ts'
import { formatEmpty } from '../chart/emptiness.ts'
import { formatDate, formatMoment } from '../format/dates.ts'
import { formatCount } from '../format/numbers.ts'
import { EmptyLine, Panel } from './panel.tsx'

type Props = { readonly chart: PatientChart; readonly onOpenStudy?: (study: string) => void }

/** What was examined, what the radiologist saw, and the way to the images. */
export function ImagingPanel({ chart, onOpenStudy }: Props) {
  return (
    <Panel title="Bildeundersøkelser">
      {chart.imaging.length === 0 && (
        <EmptyLine>{formatEmpty(chart, 'ImagingStudy', 'Ingen bildeundersøkelser å vise.')}</EmptyLine>
      )}
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
