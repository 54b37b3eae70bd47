import { at, conceptText, dateAt, hasCode, type Json, listAt, numberAt } from '../smart/json.ts'
import { NEWS2, type News2Part } from './news2.ts'

export type Sign = 'pulse' | 'saturation' | 'oxygen' | 'respirations' | 'pressure' | 'temperature'
export type Point = { readonly at: Date; readonly value: number; readonly lower?: number }

type SignText = {
  readonly sign: Sign
  readonly name: string
  readonly unit: string
  readonly digits: 0 | 1
  /** Grey values the curve always shows, so that small changes do not look large. */
  readonly range: readonly [number, number]
  readonly part: News2Part
}

export const SIGNS: readonly SignText[] = [
  { sign: 'pulse', name: 'Puls', unit: '/min', digits: 0, range: [50, 140], part: 'pulse' },
  { sign: 'saturation', name: 'SpO₂', unit: '%', digits: 0, range: [84, 100], part: 'saturation' },
  { sign: 'respirations', name: 'Respirasjon', unit: '/min', digits: 0, range: [8, 32], part: 'respirations' },
  { sign: 'pressure', name: 'Blodtrykk', unit: 'mmHg', digits: 0, range: [50, 160], part: 'pressure' },
  { sign: 'temperature', name: 'Temperatur', unit: '°C', digits: 1, range: [35, 40], part: 'temperature' },
  { sign: 'oxygen', name: 'Oksygen', unit: 'l/min', digits: 0, range: [0, 15], part: 'oxygen' },
]

/** LOINC codes of vital signs, as the vital signs profiles use them. */
const PULSE = '8867-4'
const SATURATION = ['59408-5', '2708-6'] as const
const RESPIRATIONS = '9279-1'
const PRESSURE = '85354-9'
const SYSTOLIC = '8480-6'
const DIASTOLIC = '8462-4'
const TEMPERATURE = '8310-5'
const OXYGEN = '3151-8'
const CONSCIOUSNESS = '80288-4'

export const WATCHED_CODES = [PULSE, ...SATURATION, RESPIRATIONS, PRESSURE, TEMPERATURE, OXYGEN, CONSCIOUSNESS, NEWS2]

/** How awake somebody is, in the words it was recorded in. */
export type Consciousness = { readonly at: Date; readonly words: string }

/** When a measurement was taken; undefined for one that was withdrawn. */
function takenAt(observation: Json): Date | undefined {
  if (observation['status'] === 'entered-in-error' || observation['status'] === 'cancelled') return undefined
  return dateAt(observation, 'effectiveDateTime')
}

export function parseConsciousness(observation: Json): Consciousness | undefined {
  const taken = takenAt(observation)
  const words = conceptText(at(observation, 'valueCodeableConcept'))
  if (!taken || !words || !hasCode(at(observation, 'code'), CONSCIOUSNESS)) return undefined
  return { at: taken, words }
}

/** One measurement of one sign; undefined for what is not drawn or not valid. */
export function parseSign(observation: Json): { readonly sign: Sign; readonly point: Point } | undefined {
  const taken = takenAt(observation)
  if (!taken) return undefined
  const code = at(observation, 'code')
  const component = (wanted: string): number | undefined =>
    numberAt(
      listAt(observation, 'component').find((candidate) => hasCode(at(candidate, 'code'), wanted)),
      'valueQuantity',
      'value',
    )
  if (hasCode(code, PRESSURE)) {
    const value = component(SYSTOLIC)
    const lower = component(DIASTOLIC)
    if (value === undefined) return undefined
    return { sign: 'pressure', point: lower === undefined ? { at: taken, value } : { at: taken, value, lower } }
  }
  const value = numberAt(observation, 'valueQuantity', 'value')
  const sign = signOf(code)
  return sign && value !== undefined ? { sign, point: { at: taken, value } } : undefined
}

function signOf(code: unknown): Sign | undefined {
  if (hasCode(code, PULSE)) return 'pulse'
  if (hasCode(code, ...SATURATION)) return 'saturation'
  if (hasCode(code, RESPIRATIONS)) return 'respirations'
  if (hasCode(code, TEMPERATURE)) return 'temperature'
  if (hasCode(code, OXYGEN)) return 'oxygen'
  return undefined
}
