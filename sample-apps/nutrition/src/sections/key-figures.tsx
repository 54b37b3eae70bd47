import { Tag } from '@navikt/ds-react/Tag'
import type { Figure } from '../nourishment/figures.ts'

/** The figures in one row; each says its value, that none is registered, or that it is not known here. */
export function KeyFigures({ figures }: { readonly figures: readonly Figure[] }) {
  return (
    <dl className="figures" style={{ gridArea: 'figures' }}>
      {figures.map((figure) => (
        <div key={figure.name} className="figure" data-figure={figure.kind}>
          <dt>{figure.name}</dt>
          <dd>
            <FigureValue figure={figure} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function FigureValue({ figure }: { readonly figure: Figure }) {
  if (figure.kind !== 'registered')
    return <span className={figure.kind === 'none' ? 'empty' : 'closed'}>{figure.line}</span>
  return (
    <>
      <span className="figure-value">{figure.value}</span>{' '}
      {figure.mark && (
        <Tag size="xsmall" variant="moderate" data-color="warning">
          {figure.mark}
        </Tag>
      )}
      {figure.note && <span className="note">{figure.note}</span>}
    </>
  )
}
