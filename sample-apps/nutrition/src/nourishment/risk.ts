import { at, dateAt, hasCode, type Json, listAt, numberAt } from '../smart/json.ts'
import { CODES } from './codes.ts'

export type Risk = {
  readonly score: number
  readonly at: Date
  readonly nutrition: number | undefined
  readonly disease: number | undefined
  readonly age: number | undefined
}

/** NRS-2002: three points or more is a nutritional risk and asks for a plan. */
export const atRisk = (risk: Risk): boolean => risk.score >= 3

/** Patients in hospital are screened every week. */
export const isOverdue = (risk: Risk, now: Date): boolean => now.getTime() - risk.at.getTime() > 7 * 24 * 60 * 60 * 1000

/** The newest NRS-2002 score among Observations. */
export function riskOf(observations: readonly Json[]): Risk | undefined {
  return observations
    .filter((observation) => hasCode(at(observation, 'code'), ...CODES.nrsTotal))
    .filter((observation) => observation['status'] !== 'entered-in-error')
    .flatMap(parseRisk)
    .toSorted((a, b) => b.at.getTime() - a.at.getTime())[0]
}

function parseRisk(observation: Json): readonly Risk[] {
  const scored = dateAt(observation, 'effectiveDateTime')
  const score = numberAt(observation, 'valueInteger') ?? numberAt(observation, 'valueQuantity', 'value')
  if (!scored || score === undefined) return []
  const part = (code: string): number | undefined => {
    const component = listAt(observation, 'component').find((candidate) => hasCode(at(candidate, 'code'), code))
    return numberAt(component, 'valueInteger') ?? numberAt(component, 'valueQuantity', 'value')
  }
  return [
    {
      score,
      at: scored,
      nutrition: part(CODES.nrsNutrition),
      disease: part(CODES.nrsDisease),
      age: part(CODES.nrsAge),
    },
  ]
}
