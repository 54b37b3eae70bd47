import type { CodeableConcept, Observation, QuestionnaireResponse } from '@medplum/fhirtypes'
import { type Chart, reference } from './chart.ts'
import { concept, hl7, local, localCanonical, loinc, quantity } from './codings.ts'
import { hoursBefore, instant, osloMidnight } from './times.ts'
import { bodyHeight, bodyMassIndex, bodyWeight } from './vital-signs.ts'

const ACTIVITY = [concept('Inntak', hl7('observation-category', 'activity', 'Activity'))]
const SURVEY = [concept('Kartlegging', hl7('observation-category', 'survey', 'Survey'))]
const own = (code: string, display: string): CodeableConcept => concept(display, local('nutrition', code, display))

const ENERGY = concept('Energiinntak', loinc('9052-2', 'Calorie intake total'))
const PROTEIN = own('protein-intake', 'Proteininntak')
const FLUID = concept('Væskeinntak', loinc('9108-2', 'Fluid intake total 24 hour'))

/** Energy in kcal, protein in g and fluid in ml. */
export type Intake = readonly [energy: number, protein: number, fluid: number]
export type Meal = { readonly name: string; readonly portion: '0' | '¼' | '½' | '¾' | '1'; readonly intake: Intake }

/** Weights by days ago, the height, and the body mass index of the latest weight. */
export function writeWeights(
  chart: Chart,
  centimetres: number,
  weights: readonly (readonly [daysAgo: number, kilograms: number])[],
  by: string,
): void {
  const performer = reference(by)
  for (const [daysAgo, kilograms] of weights) {
    const at = {
      subject: chart.subject,
      encounter: daysAgo < 3 ? chart.encounter : null,
      effective: chart.at(daysAgo * 24 + 2),
      performer,
    }
    chart.add('obs', bodyWeight(at, kilograms))
    const metres = centimetres / 100
    chart.add('obs', bodyMassIndex(at, Number((kilograms / metres ** 2).toFixed(1))))
  }
  chart.add(
    'obs',
    bodyHeight(
      { subject: chart.subject, encounter: null, effective: chart.at((weights[0]?.[0] ?? 1) * 24 + 2), performer },
      centimetres,
    ),
  )
}

/** What the patient needs a day: 30 kcal, 30 ml and so many grams of protein for each kilogram, unless the story says otherwise. */
export function writeNeeds(chart: Chart, needs: Intake, by: string): void {
  const rows: readonly (readonly [CodeableConcept, number, string, string])[] = [
    [own('energy-need', 'Energibehov'), needs[0], 'kcal/d', 'kcal/d'],
    [own('protein-need', 'Proteinbehov'), needs[1], 'g/d', 'g/d'],
    [own('fluid-need', 'Væskebehov'), needs[2], 'ml/d', 'mL/d'],
  ]
  for (const [code, value, unit, ucum] of rows) {
    chart.add('obs', {
      resourceType: 'Observation',
      status: 'final',
      category: SURVEY,
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
      { code: own('portion', 'Spist andel'), valueString: meal.portion },
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

export type RiskScreening = {
  readonly hoursAgo: number
  readonly by: string
  readonly nutrition: readonly [score: number, why: string]
  readonly disease: readonly [score: number, why: string]
  readonly age: 0 | 1
}

/** NRS-2002: three or more is at risk. No standard code is confirmed (norway.md §7.3), so the parts are ours. */
export function writeRiskScreening(chart: Chart, screening: RiskScreening): number {
  const { nutrition, disease, age } = screening
  const total = nutrition[0] + disease[0] + age
  const effective = chart.at(screening.hoursAgo)
  const author = reference(screening.by)
  const response: QuestionnaireResponse = {
    resourceType: 'QuestionnaireResponse',
    questionnaire: localCanonical('Questionnaire', 'nrs2002'),
    status: 'completed',
    subject: chart.subject,
    encounter: chart.encounter,
    authored: effective,
    author,
    item: [
      { linkId: 'start-1', text: 'Er KMI under 20,5?', answer: [{ valueBoolean: nutrition[0] > 1 }] },
      { linkId: 'start-2', text: 'Vekttap siste 3 måneder?', answer: [{ valueBoolean: nutrition[0] > 0 }] },
      { linkId: 'start-3', text: 'Redusert matinntak siste uke?', answer: [{ valueBoolean: nutrition[0] > 0 }] },
      { linkId: 'start-4', text: 'Alvorlig syk?', answer: [{ valueBoolean: disease[0] > 1 }] },
      { linkId: 'ernaering', text: `Ernæringstilstand: ${nutrition[1]}`, answer: [{ valueInteger: nutrition[0] }] },
      { linkId: 'sykdom', text: `Sykdommens alvorlighet: ${disease[1]}`, answer: [{ valueInteger: disease[0] }] },
      { linkId: 'alder', text: '70 år eller eldre', answer: [{ valueInteger: age }] },
      { linkId: 'sum', text: 'Samlet skår', answer: [{ valueInteger: total }] },
    ],
  }
  const answered = chart.add('skj', response)
  chart.add('obs', {
    resourceType: 'Observation',
    status: 'final',
    category: SURVEY,
    code: concept('NRS-2002', loinc('75303-8', 'Nutrition assessment'), local('nutrition', 'nrs2002', 'NRS-2002')),
    subject: chart.subject,
    encounter: chart.encounter,
    effectiveDateTime: effective,
    performer: [author],
    valueInteger: total,
    interpretation: [concept(total >= 3 ? 'I ernæringsmessig risiko' : 'Ikke i risiko')],
    derivedFrom: [reference(answered)],
    component: [
      { code: own('nrs2002-nutrition', 'Ernæringstilstand'), valueInteger: nutrition[0] },
      { code: own('nrs2002-disease', 'Sykdommens alvorlighet'), valueInteger: disease[0] },
      { code: own('nrs2002-age', 'Alder'), valueInteger: age },
    ],
  })
  return total
}

export type Diet = {
  readonly hoursAgo: number
  readonly by: string
  readonly types: readonly string[]
  readonly texture?: string
  readonly exclude?: readonly string[]
  readonly allergies?: readonly string[]
  readonly supplement?: { readonly name: string; readonly instruction: string }
  readonly instruction: string
}

/** The diet order the kitchen serves by. */
export const orderDiet = (chart: Chart, diet: Diet): string =>
  chart.add('kst', {
    resourceType: 'NutritionOrder',
    status: 'active',
    intent: 'order',
    patient: chart.subject,
    encounter: chart.encounter,
    dateTime: chart.at(diet.hoursAgo),
    orderer: reference(diet.by),
    ...(diet.allergies ? { allergyIntolerance: diet.allergies.map((literal) => reference(literal)) } : {}),
    ...(diet.exclude ? { excludeFoodModifier: diet.exclude.map((food) => concept(food)) } : {}),
    oralDiet: {
      type: diet.types.map((text) => concept(text)),
      ...(diet.texture ? { texture: [{ modifier: concept(diet.texture) }] } : {}),
      instruction: diet.instruction,
    },
    ...(diet.supplement
      ? {
          supplement: [
            {
              type: concept('Næringsdrikk'),
              productName: diet.supplement.name,
              instruction: diet.supplement.instruction,
            },
          ],
        }
      : {}),
  })
