import { at, dateAt, hasCode, type Json, numberAt } from '../smart/json.ts'
import { CODES } from './codes.ts'

export type Measured = { readonly at: Date; readonly value: number }
type WeightLoss = { readonly kilograms: number; readonly percent: number; readonly since: Date }
export type Weights = {
  /** Oldest first. */
  readonly weights: readonly Measured[]
  readonly bmi: number | undefined
  readonly loss: WeightLoss | undefined
  /** False where only one weight of the last months is known: then no loss is no answer. */
  readonly compared: boolean
}

const DAY = 24 * 60 * 60 * 1000
/** Screening asks about three months; some days are allowed because nobody is weighed on the very day. */
const THREE_MONTHS = 100 * DAY

const measured = (observations: readonly Json[], code: string): readonly Measured[] =>
  observations
    .filter((observation) => hasCode(at(observation, 'code'), code) && isValid(observation))
    .flatMap((observation) => {
      const taken = dateAt(observation, 'effectiveDateTime')
      const value = numberAt(observation, 'valueQuantity', 'value')
      return taken && value !== undefined ? [{ at: taken, value }] : []
    })
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())

const isValid = (observation: Json): boolean =>
  observation['status'] !== 'entered-in-error' && observation['status'] !== 'cancelled'

/** Weight, BMI and loss from vital signs Observations. A recorded BMI wins over one computed from weight and height. */
export function weightsOf(observations: readonly Json[]): Weights {
  const weights = measured(observations, CODES.weight)
  const heightCm = measured(observations, CODES.height).at(-1)?.value
  const latest = weights.at(-1)
  const recorded = measured(observations, CODES.bmi).at(-1)
  const computed = latest && heightCm ? latest.value / (heightCm / 100) ** 2 : undefined
  const recordedIsCurrent = recorded && (!latest || recorded.at.getTime() >= latest.at.getTime() - DAY)
  return { weights, bmi: recordedIsCurrent ? recorded.value : computed, ...lossOver(weights, THREE_MONTHS) }
}

/** From the first weight inside the span before the latest one. */
function lossOver(weights: readonly Measured[], span: number): Pick<Weights, 'loss' | 'compared'> {
  const latest = weights.at(-1)
  const first = latest && weights.find((weight) => latest.at.getTime() - weight.at.getTime() <= span)
  if (!latest || !first || first === latest) return { loss: undefined, compared: false }
  if (first.value <= latest.value) return { loss: undefined, compared: true }
  const kilograms = first.value - latest.value
  return { loss: { kilograms, percent: (kilograms / first.value) * 100, since: first.at }, compared: true }
}
