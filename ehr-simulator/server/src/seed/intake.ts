import type { CodeableConcept, Observation } from '@medplum/fhirtypes'
import { type Chart, reference } from './chart.ts'
import { concept, hl7, local, loinc, quantity } from './codings.ts'
import { NUTRITION_SURVEY, nutritionConcept } from './nutrition-codes.ts'
import { hoursBefore, instant, osloMidnight } from './times.ts'

const ACTIVITY = [concept('Inntak', hl7('observation-category', 'activity', 'Activity'))]

const ENERGY = concept('Energiinntak', loinc('9052-2', 'Calorie intake total'))
const PROTEIN = nutritionConcept('protein-intake', 'Proteininntak')
const FLUID = concept('Væskeinntak', loinc('9108-2', 'Fluid intake total 24 hour'))

/** Energy in kcal, protein in g and fluid in ml. */
export type Intake = readonly [energy: number, protein: number, fluid: number]
export type Meal = { readonly name: string; readonly portion: '0' | '¼' | '½' | '¾' | '1'; readonly intake: Intake }

/** What the patient needs a day: 30 kcal, 30 ml and so many grams of protein for each kilogram, unless the story says otherwise. */
export function writeNeeds(chart: Chart, needs: Intake, by: string): void {
  const rows: readonly (readonly [CodeableConcept, number, string, string])[] = [
    [nutritionConcept('energy-need', 'Energibehov'), needs[0], 'kcal/d', 'kcal/d'],
    [nutritionConcept('protein-need', 'Proteinbehov'), needs[1], 'g/d', 'g/d'],
    [nutritionConcept('fluid-need', 'Væskebehov'), needs[2], 'ml/d', 'mL/d'],
  ]
  for (const [code, value, unit, ucum] of rows) {
    chart.add('obs', {
      resourceType: 'Observation',
      status: 'final',
      category: NUTRITION_SURVEY,
      code,
      subject: chart.subject,
      encounter: chart.encounter,
      effectiveDateTime: chart.at(22),
      performer: [reference(by)],
      valueQuantity: quantity(value, unit, ucum),
    })
  }
}

function mealObservation(chart: Chart, meal: Meal, effective: string, by: string): Observation {
  const [energy, protein, fluid] = meal.intake
  return {
    resourceType: 'Observation',
    status: 'final',
    category: ACTIVITY,
    code: concept(meal.name, local('nutrition', 'meal', 'Måltid')),
    subject: chart.subject,
    encounter: chart.encounter,
    effectiveDateTime: effective,
    performer: [reference(by)],
    component: [
      { code: ENERGY, valueQuantity: quantity(energy, 'kcal') },
      { code: PROTEIN, valueQuantity: quantity(protein, 'g') },
      { code: FLUID, valueQuantity: quantity(fluid, 'ml', 'mL') },
      { code: nutritionConcept('portion', 'Spist andel'), valueString: meal.portion },
    ],
  }
}

function writeTotals(chart: Chart, start: Date, end: Date, total: Intake, by: string): void {
  const rows: readonly (readonly [CodeableConcept, number, string, string])[] = [
    [ENERGY, total[0], 'kcal', 'kcal'],
    [PROTEIN, total[1], 'g', 'g'],
    [FLUID, total[2], 'ml', 'mL'],
  ]
  for (const [code, value, unit, ucum] of rows) {
    chart.add('obs', {
      resourceType: 'Observation',
      status: 'final',
      category: ACTIVITY,
      code,
      subject: chart.subject,
      encounter: chart.encounter,
      effectivePeriod: { start: instant(start), end: instant(end) },
      performer: [reference(by)],
      valueQuantity: quantity(value, unit, ucum),
    })
  }
}

const sum = (meals: readonly Meal[]): Intake =>
  meals.reduce<Intake>(
    ([energy, protein, fluid], { intake }) => [energy + intake[0], protein + intake[1], fluid + intake[2]],
    [0, 0, 0],
  )

/** Today's meals spread from midnight until now, and the totals of the day so far. */
export function writeMealsToday(chart: Chart, meals: readonly Meal[], by: string): void {
  const midnight = osloMidnight(chart.now)
  const elapsed = chart.now.getTime() - midnight.getTime()
  meals.forEach((meal, index) => {
    // From a third of the day so far onwards: nobody is served at night, whatever the hour of the seeding.
    const share = 0.4 + (0.55 * index) / Math.max(1, meals.length - 1)
    chart.add(
      'obs',
      mealObservation(chart, meal, instant(new Date(midnight.getTime() + Math.floor(elapsed * share))), by),
    )
  })
  writeTotals(chart, midnight, chart.now, sum(meals), by)
}

/** The totals of earlier days, yesterday first. */
export function writeIntakeHistory(chart: Chart, days: readonly Intake[], by: string): void {
  days.forEach((total, index) => {
    const inside = hoursBefore(chart.now, (index + 1) * 24)
    const start = osloMidnight(inside)
    writeTotals(chart, start, hoursBefore(osloMidnight(hoursBefore(chart.now, index * 24)), 1 / 60), total, by)
  })
}
