import { at, conceptText, type Json, listAt, textAt } from '../smart/json.ts'

export type Diet = {
  readonly id: string
  readonly types: readonly string[]
  readonly textures: readonly string[]
  readonly supplements: readonly string[]
  readonly excluded: readonly string[]
  readonly instruction: string | undefined
}
export type Allergy = {
  readonly id: string
  readonly name: string
  readonly reaction: string
  readonly severe: boolean
}
export type Action = { readonly text: string; readonly state: string }

const textsOf = (list: readonly unknown[]): readonly string[] => list.flatMap((concept) => conceptText(concept) ?? [])

/** Diet orders in force. */
export function dietsOf(orders: readonly Json[]): readonly Diet[] {
  return orders
    .filter((order) => order['status'] === 'active')
    .map((order) => ({
      id: textAt(order, 'id') ?? '',
      types: textsOf(listAt(order, 'oralDiet', 'type')),
      textures: listAt(order, 'oralDiet', 'texture').flatMap((texture) => conceptText(at(texture, 'modifier')) ?? []),
      supplements: listAt(order, 'supplement').flatMap(
        (supplement) => textAt(supplement, 'productName') ?? conceptText(at(supplement, 'type')) ?? [],
      ),
      excluded: textsOf(listAt(order, 'excludeFoodModifier')),
      instruction: textAt(order, 'oralDiet', 'instruction'),
    }))
}

/** Allergies and intolerances that are not refuted, the dangerous ones first. */
export function allergiesOf(resources: readonly Json[]): readonly Allergy[] {
  const state = (resource: Json, member: string): string | undefined => textAt(resource, member, 'coding', 0, 'code')
  return resources
    .filter((resource) => !['refuted', 'entered-in-error'].includes(state(resource, 'verificationStatus') ?? ''))
    .filter((resource) => (state(resource, 'clinicalStatus') ?? 'active') === 'active')
    .map((resource) => ({
      id: textAt(resource, 'id') ?? '',
      name: conceptText(at(resource, 'code')) ?? 'Ukjent stoff',
      reaction: listAt(resource, 'reaction')
        .flatMap((reaction) => textsOf(listAt(reaction, 'manifestation')))
        .join(', '),
      severe: textAt(resource, 'criticality') === 'high',
    }))
    .toSorted((a, b) => Number(b.severe) - Number(a.severe))
}

const OPEN_ACTIONS = new Map([
  ['not-started', 'Ikke startet'],
  ['scheduled', 'Planlagt'],
  ['in-progress', 'Pågår'],
  ['on-hold', 'På vent'],
])

/** What is still to be done in plans that are in force. */
export function openActionsOf(plans: readonly Json[]): readonly Action[] {
  return plans
    .filter((plan) => plan['status'] === 'active')
    .flatMap((plan) => listAt(plan, 'activity'))
    .flatMap((activity) => {
      const state = OPEN_ACTIONS.get(textAt(activity, 'detail', 'status') ?? '')
      const text = textAt(activity, 'detail', 'description') ?? conceptText(at(activity, 'detail', 'code'))
      return state && text ? [{ text, state }] : []
    })
}

/** Diagnoses of malnutrition and weight loss: ICD-10 E40–E46, R63.3, R63.4 and R64. */
export function nutritionDiagnosesOf(conditions: readonly Json[]): readonly string[] {
  return conditions.flatMap((condition) => {
    const coding = listAt(condition, 'code', 'coding').find((candidate) =>
      /^(?:E4[0-6]|R63\.?[34]|R64)/.test(textAt(candidate, 'code') ?? ''),
    )
    const inForce = (textAt(condition, 'clinicalStatus', 'coding', 0, 'code') ?? 'active') === 'active'
    const text = conceptText(condition['code'])
    return coding && inForce && text ? [`${text} (${textAt(coding, 'code')})`] : []
  })
}
