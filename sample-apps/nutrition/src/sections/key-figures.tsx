import { Tag } from '@navikt/ds-react/Tag'
import { formatDay, formatNumber } from '../format.ts'
import { type Risk, atRisk, isOverdue } from '../nourishment/risk.ts'
import type { Weights } from '../nourishment/weight.ts'
import type { Part } from '../smart/part.ts'

type KeyFiguresProps = {
  readonly readAt: Date
  readonly weights: Part<Weights>
  readonly risk: Part<{ readonly risk: Risk | undefined }>
}

/** Weight, BMI, loss and risk score: what a ward round asks first. */
export function KeyFigures({ readAt, weights, risk }: KeyFiguresProps) {
  const known = weights.kind === 'read' ? weights.value : undefined
  const latest = known?.weights.at(-1)
  return (
    <dl className="figures" style={{ gridArea: 'figures' }}>
      <Figure
        name="Vekt"
        value={latest && `${formatNumber(latest.value, 1)} kg`}
        note={latest && formatDay(latest.at)}
      />
      <Figure
        name="BMI"
        value={known?.bmi === undefined ? undefined : formatNumber(known.bmi, 1)}
        mark={known?.bmi === undefined ? undefined : bmiMark(known.bmi)}
      />
      <Figure
        name="Vekttap"
        value={known?.loss ? `${formatNumber(known.loss.percent, 1)} %` : latest && 'Ingen'}
        note={known?.loss && `${formatNumber(known.loss.kilograms, 1)} kg siden ${formatDay(known.loss.since)}`}
        mark={known?.loss && known.loss.percent >= 5 ? 'Høyt' : undefined}
      />
      <RiskFigure readAt={readAt} risk={risk.kind === 'read' ? risk.value.risk : undefined} />
    </dl>
  )
}

function RiskFigure({ readAt, risk }: { readonly readAt: Date; readonly risk: Risk | undefined }) {
  if (!risk) return <Figure name="NRS-2002" value={undefined} />
  const parts = [risk.nutrition, risk.disease, risk.age]
  const sum = parts.every((part) => part !== undefined) ? ` (${parts.join(' + ')})` : ''
  const overdue = isOverdue(risk, readAt) ? ', ny vurdering mangler' : ''
  return (
    <Figure
      name="NRS-2002"
      value={`${risk.score}${sum}`}
      note={`${formatDay(risk.at)}${overdue}`}
      mark={atRisk(risk) ? 'I risiko' : undefined}
    />
  )
}

type FigureProps = {
  readonly name: string
  readonly value: string | undefined
  readonly note?: string | undefined
  readonly mark?: string | undefined
}

function Figure({ name, value, note, mark }: FigureProps) {
  return (
    <div className="figure">
      <dt>{name}</dt>
      <dd>
        <span className={value ? 'figure-value' : 'empty'}>{value ?? 'Ikke registrert'}</span>{' '}
        {mark && (
          <Tag size="xsmall" variant="moderate" data-color="warning">
            {mark}
          </Tag>
        )}
        {note && <span className="note">{note}</span>}
      </dd>
    </div>
  )
}

/** Adults; limits of the national guideline on malnutrition (BMI under 18.5, under 20.5 asks for a closer look). */
const bmiMark = (bmi: number): string | undefined => (bmi < 18.5 ? 'Lav' : bmi < 20.5 ? 'Noe lav' : undefined)
