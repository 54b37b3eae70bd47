import { formatDay, formatNumber } from '../format.ts'
import { closedLine, type Part } from '../smart/part.ts'
import { atRisk, isOverdue, type Risk } from './risk.ts'
import type { Weights } from './weight.ts'

/**
 * One key figure. INVARIANT: `none` means that the record was read and holds no such value. What could not be read, or may
 * not be, is `unknown`: a patient at risk must never look like one nobody has screened.
 */
export type Figure = { readonly name: string } & (
  | { readonly kind: 'registered'; readonly value: string; readonly note: string; readonly mark: string | undefined }
  | { readonly kind: 'none'; readonly line: string }
  | { readonly kind: 'unknown'; readonly line: string }
)

const NONE = { kind: 'none', line: 'Ingen funnet' } as const
const registered = (value: string, note = '', mark?: string) => ({ kind: 'registered', value, note, mark }) as const

/** Weight, BMI, loss and risk score: what a ward round asks first. */
export function figuresOf(
  readAt: Date,
  weights: Part<Weights>,
  assessed: Part<{ readonly risk: Risk | undefined }>,
): readonly Figure[] {
  return [
    { name: 'Vekt', ...(weights.kind === 'read' ? weightFigure(weights.value) : unknown(weights)) },
    { name: 'BMI', ...(weights.kind === 'read' ? bmiFigure(weights.value) : unknown(weights)) },
    { name: 'Vekttap', ...(weights.kind === 'read' ? lossFigure(weights.value) : unknown(weights)) },
    { name: 'NRS-2002', ...(assessed.kind === 'read' ? riskFigure(assessed.value.risk, readAt) : unknown(assessed)) },
  ]
}

const unknown = ({ failure }: Extract<Part<unknown>, { readonly kind: 'closed' }>) =>
  ({ kind: 'unknown', line: closedLine(failure) }) as const

function weightFigure({ weights }: Weights) {
  const latest = weights.at(-1)
  return latest ? registered(`${formatNumber(latest.value, 1)} kg`, formatDay(latest.at)) : NONE
}

const bmiFigure = ({ bmi }: Weights) => (bmi === undefined ? NONE : registered(formatNumber(bmi, 1), '', bmiMark(bmi)))

/** Adults; limits of the national guideline on malnutrition (BMI under 18.5, under 20.5 asks for a closer look). */
const bmiMark = (bmi: number): string | undefined => (bmi < 18.5 ? 'Lav' : bmi < 20.5 ? 'Noe lav' : undefined)

/** One weight says nothing about a loss, so that nothing is claimed of it. */
function lossFigure({ weights, loss, compared }: Weights) {
  if (loss) {
    const note = `${formatNumber(loss.kilograms, 1)} kg siden ${formatDay(loss.since)}`
    return registered(`${formatNumber(loss.percent, 1)} %`, note, loss.percent >= 5 ? 'Høyt' : undefined)
  }
  if (weights.length === 0) return NONE
  return compared ? registered('Ingen') : ({ kind: 'none', line: 'Ingen vekt å sammenligne med' } as const)
}

function riskFigure(risk: Risk | undefined, readAt: Date) {
  if (!risk) return NONE
  const parts = [risk.nutrition, risk.disease, risk.age]
  const sum = parts.every((part) => part !== undefined) ? ` (${parts.join(' + ')})` : ''
  const overdue = isOverdue(risk, readAt) ? ', ny vurdering mangler' : ''
  return registered(`${risk.score}${sum}`, `${formatDay(risk.at)}${overdue}`, atRisk(risk) ? 'I risiko' : undefined)
}
