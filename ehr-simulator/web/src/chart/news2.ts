import type { VitalKey } from '../api/overview.ts'

export type Level = 'none' | 'low' | 'low-medium' | 'medium' | 'high'

/**
 * NEWS2 thresholds: 0–4 low, 5–6 medium, 7 and above high; three points for one measurement alone, low to medium
 * (Royal College of Physicians 2017, chart 2).
 */
export function news2Level(score: number, three: boolean): Level {
  if (score >= 7) return 'high'
  if (score >= 5) return 'medium'
  if (three) return 'low-medium'
  return score >= 1 ? 'low' : 'none'
}

const LEVEL_WORDS = {
  none: 'Lav',
  low: 'Lav',
  'low-medium': 'Lav til middels',
  medium: 'Middels',
  high: 'Høy',
} as const
export const formatLevel = (level: Level): string => LEVEL_WORDS[level]

/** A single measurement that alone scores three calls for a look, whatever the sum is. */
export const pointsLevel = (points: number): Level =>
  points >= 3 ? 'high' : points === 2 ? 'medium' : points === 1 ? 'low' : 'none'

/** Points by upper bounds: the first bound the value does not exceed decides. */
type Bands = readonly (readonly [upTo: number, points: number])[]
const pointsIn = (bands: Bands, value: number): number => bands.find(([upTo]) => value <= upTo)?.[1] ?? 0

const RESPIRATION: Bands = [
  [8, 3],
  [11, 1],
  [20, 0],
  [24, 2],
  [Infinity, 3],
]
const SPO2_SCALE_1: Bands = [
  [91, 3],
  [93, 2],
  [95, 1],
  [Infinity, 0],
]
const SPO2_SCALE_2: Bands = [
  [83, 3],
  [85, 2],
  [87, 1],
  [92, 0],
]
const SYSTOLIC: Bands = [
  [90, 3],
  [100, 2],
  [110, 1],
  [219, 0],
  [Infinity, 3],
]
const PULSE: Bands = [
  [40, 3],
  [50, 1],
  [90, 0],
  [110, 1],
  [130, 2],
  [Infinity, 3],
]
const TEMPERATURE: Bands = [
  [35, 3],
  [36, 1],
  [38, 0],
  [39, 1],
  [Infinity, 2],
]

/**
 * What one measurement contributes, or null where it cannot be told from the number alone.
 *
 * Above 92 % on scale 2 the points depend on whether oxygen was given, which a saturation does not say.
 */
export function news2Points(key: VitalKey, value: number, oxygenScale2: boolean): number | null {
  switch (key) {
    case 'respiration':
      return pointsIn(RESPIRATION, value)
    case 'spo2':
      if (!oxygenScale2) return pointsIn(SPO2_SCALE_1, value)
      return value > 92 ? null : pointsIn(SPO2_SCALE_2, value)
    case 'oxygen':
      return value > 0 ? 2 : 0
    case 'consciousness':
      return value === 1 ? 0 : 3
    case 'bloodPressure':
      return pointsIn(SYSTOLIC, value)
    case 'pulse':
      return pointsIn(PULSE, value)
    case 'temperature':
      return pointsIn(TEMPERATURE, value)
    case 'news2':
    case 'weight':
      return null
  }
}
