import { formatNumber } from '../format.ts'
import { at, conceptText, dateAt, hasCode, type Json, listAt, numberAt, textAt } from '../smart/json.ts'
import { closedLine, type Part } from '../smart/part.ts'
import { CODES } from './codes.ts'

/** Energy in kcal, protein in grams, fluid in millilitres; undefined where nothing is recorded. */
export type Nutrients = {
  readonly energy: number | undefined
  readonly protein: number | undefined
  readonly fluid: number | undefined
}
type Meal = Nutrients & { readonly at: Date; readonly name: string; readonly portion: string | undefined }
export type Intake = { readonly meals: readonly Meal[]; readonly total: Nutrients }

const isValid = (observation: Json): boolean => observation['status'] !== 'entered-in-error'

/** What was eaten on one day (`yyyy-MM-dd` in Norway). A recorded day total wins over the sum of the meals. */
export function intakeOn(day: string, observations: readonly Json[], dayOf: (date: Date) => string): Intake {
  const valid = observations.filter(isValid)
  const meals = valid
    .filter((observation) => hasCode(at(observation, 'code'), CODES.meal))
    .flatMap(parseMeal)
    .filter((meal) => dayOf(meal.at) === day)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
  const sums = sumOf(meals)
  const total = (code: string): number | undefined =>
    valid
      .filter((observation) => hasCode(at(observation, 'code'), code))
      .flatMap((observation) => {
        const start = dateAt(observation, 'effectivePeriod', 'start')
        const value = numberAt(observation, 'valueQuantity', 'value')
        return start && value !== undefined && dayOf(start) === day ? [value] : []
      })[0]
  return {
    meals,
    total: {
      energy: total(CODES.energyIntake) ?? sums.energy,
      protein: total(CODES.proteinIntake) ?? sums.protein,
      fluid: total(CODES.fluidIntake) ?? sums.fluid,
    },
  }
}

function parseMeal(observation: Json): readonly Meal[] {
  const eaten = dateAt(observation, 'effectiveDateTime')
  if (!eaten) return []
  const component = (code: string): unknown =>
    listAt(observation, 'component').find((candidate) => hasCode(at(candidate, 'code'), code))
  const quantity = (code: string): number | undefined => numberAt(component(code), 'valueQuantity', 'value')
  return [
    {
      at: eaten,
      name: conceptText(at(observation, 'code')) ?? 'Måltid',
      portion: textAt(component('portion'), 'valueString'),
      energy: quantity(CODES.energyIntake),
      protein: quantity(CODES.proteinIntake),
      fluid: quantity(CODES.fluidIntake),
    },
  ]
}

/** Adds what is recorded; a nutrient nobody recorded stays unknown rather than zero. */
export function sumOf(parts: readonly Nutrients[]): Nutrients {
  const sum = (of: (part: Nutrients) => number | undefined): number | undefined => {
    const known = parts.flatMap((part) => of(part) ?? [])
    return known.length === 0 ? undefined : known.reduce((a, b) => a + b, 0)
  }
  return { energy: sum((part) => part.energy), protein: sum((part) => part.protein), fluid: sum((part) => part.fluid) }
}

/** The newest recorded daily need of each nutrient. */
export function needOf(observations: readonly Json[]): Nutrients {
  const newest = (code: string): number | undefined => {
    const found = observations
      .filter((observation) => isValid(observation) && hasCode(at(observation, 'code'), code))
      .toSorted((a, b) => timeOf(b) - timeOf(a))[0]
    return numberAt(found, 'valueQuantity', 'value')
  }
  return { energy: newest(CODES.energyNeed), protein: newest(CODES.proteinNeed), fluid: newest(CODES.fluidNeed) }
}

/** What stands behind an amount: the need of a day, that none is computed, or that it is not known here. */
export function needText(assessed: Part<{ readonly need: Nutrients }>, of: keyof Nutrients, unit: string): string {
  if (assessed.kind === 'closed') return ` ${unit}, behov: ${closedLine(assessed.failure).toLocaleLowerCase('nb-NO')}`
  const need = assessed.value.need[of]
  return need ? ` av ${formatNumber(need, 0)} ${unit}` : ` ${unit}, behov ikke beregnet`
}

const timeOf = (observation: Json): number => dateAt(observation, 'effectiveDateTime')?.getTime() ?? 0
