import { isoDay } from '../format.ts'
import { type Part, readPart } from '../smart/part.ts'
import { searchJson, type Session } from '../smart/session.ts'
import { CODES } from './codes.ts'
import {
  type Action,
  type Allergy,
  allergiesOf,
  type Diet,
  dietsOf,
  nutritionDiagnosesOf,
  openActionsOf,
} from './diet.ts'
import { type Intake, intakeOn, needOf, type Nutrients } from './intake.ts'
import { type Risk, riskOf } from './risk.ts'
import { type Weights, weightsOf } from './weight.ts'

export type Nourishment = {
  readonly readAt: Date
  readonly weights: Part<Weights>
  readonly intake: Part<Intake>
  readonly assessed: Part<{ readonly need: Nutrients; readonly risk: Risk | undefined }>
  readonly diets: Part<readonly Diet[]>
  readonly allergies: Part<readonly Allergy[]>
  readonly diagnoses: Part<readonly string[]>
  readonly actions: Part<readonly Action[]>
}

/** Reads every part of the screen at once; each may be refused without closing the others. */
export async function loadNourishment(session: Session, signal: AbortSignal): Promise<Nourishment> {
  const readAt = new Date()
  const today = isoDay(readAt)
  const find = (type: string, more: string) =>
    searchJson(session, `${type}?patient=${encodeURIComponent(session.patientId ?? '')}${more}`, signal)
  const observe = (codes: readonly string[], more: string) =>
    find('Observation', `&code=${codes.join(',')}&_sort=-date${more}`)
  const part = <T>(reading: Promise<T>) => readPart(reading, signal)
  const eaten = [CODES.meal, CODES.energyIntake, CODES.proteinIntake, CODES.fluidIntake]
  const assessed = [CODES.energyNeed, CODES.proteinNeed, CODES.fluidNeed, ...CODES.nrsTotal]

  const [weights, intake, assessment, diets, allergies, diagnoses, actions] = await Promise.all([
    part(observe([CODES.weight, CODES.height, CODES.bmi], '&_count=200').then(weightsOf)),
    part(observe(eaten, `&date=ge${today}&_count=200`).then((found) => intakeOn(today, found, isoDay))),
    part(observe(assessed, '&_count=50').then((found) => ({ need: needOf(found), risk: riskOf(found) }))),
    part(find('NutritionOrder', '&_count=20').then(dietsOf)),
    part(find('AllergyIntolerance', '&_count=50').then(allergiesOf)),
    part(find('Condition', '&_count=100').then(nutritionDiagnosesOf)),
    part(find('CarePlan', '&_count=20').then(openActionsOf)),
  ])
  return { readAt, weights, intake, assessed: assessment, diets, allergies, diagnoses, actions }
}
