import type { QuestionnaireResponse } from '@medplum/fhirtypes'
import { type Chart, reference } from './chart.ts'
import { concept, local, localCanonical, loinc } from './codings.ts'
import { NUTRITION_SURVEY, nutritionConcept } from './nutrition-codes.ts'
import { bodyHeight, bodyMassIndex, bodyWeight } from './vital-signs.ts'

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
    category: NUTRITION_SURVEY,
    code: concept('NRS-2002', loinc('75303-8', 'Nutrition assessment'), local('nutrition', 'nrs2002', 'NRS-2002')),
    subject: chart.subject,
    encounter: chart.encounter,
    effectiveDateTime: effective,
    performer: [author],
    valueInteger: total,
    interpretation: [concept(total >= 3 ? 'I ernæringsmessig risiko' : 'Ikke i risiko')],
    derivedFrom: [reference(answered)],
    component: [
      { code: nutritionConcept('nrs2002-nutrition', 'Ernæringstilstand'), valueInteger: nutrition[0] },
      { code: nutritionConcept('nrs2002-disease', 'Sykdommens alvorlighet'), valueInteger: disease[0] },
      { code: nutritionConcept('nrs2002-age', 'Alder'), valueInteger: age },
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
