/** One round at the bedside. Oxygen saturation is judged on scale 2 for those who retain carbon dioxide. */
export type Reading = {
  readonly respirations: number
  readonly saturation: number
  readonly scale: 1 | 2
  readonly oxygenLitres: number
  readonly systolic: number
  readonly diastolic: number
  readonly pulse: number
  readonly alert: boolean
  readonly temperature: number
}

/** The seven sub-scores of NEWS2, named as in the Norwegian profile. */
export type News2 = {
  readonly total: number
  readonly respirations: number
  readonly saturation: number
  readonly oxygen: number
  readonly systolic: number
  readonly pulse: number
  readonly consciousness: number
  readonly temperature: number
}

type Step = readonly [upTo: number, score: number]
const RESPIRATIONS: readonly Step[] = [
  [8, 3],
  [11, 1],
  [20, 0],
  [24, 2],
]
const SCALE_1: readonly Step[] = [
  [91, 3],
  [93, 2],
  [95, 1],
]
const SCALE_2_LOW: readonly Step[] = [
  [83, 3],
  [85, 2],
  [87, 1],
  [92, 0],
]
const SCALE_2_ON_OXYGEN: readonly Step[] = [...SCALE_2_LOW, [94, 1], [96, 2]]
const SYSTOLIC: readonly Step[] = [
  [90, 3],
  [100, 2],
  [110, 1],
  [219, 0],
]
const PULSE: readonly Step[] = [
  [40, 3],
  [50, 1],
  [90, 0],
  [110, 1],
  [130, 2],
]
const TEMPERATURE: readonly Step[] = [
  [35, 3],
  [36, 1],
  [38, 0],
  [39, 1],
]

const scoreOn = (steps: readonly Step[], beyond: number, value: number): number =>
  steps.find(([upTo]) => value <= upTo)?.[1] ?? beyond

function saturationScore({ saturation, scale, oxygenLitres }: Reading): number {
  if (scale === 1) return scoreOn(SCALE_1, 0, saturation)
  return oxygenLitres > 0 ? scoreOn(SCALE_2_ON_OXYGEN, 3, saturation) : scoreOn(SCALE_2_LOW, 0, saturation)
}

/** National Early Warning Score 2 (norway.md §7.1 has the table). */
export function news2Of(reading: Reading): News2 {
  const parts = {
    respirations: scoreOn(RESPIRATIONS, 3, reading.respirations),
    saturation: saturationScore(reading),
    oxygen: reading.oxygenLitres > 0 ? 2 : 0,
    systolic: scoreOn(SYSTOLIC, 3, reading.systolic),
    pulse: scoreOn(PULSE, 3, reading.pulse),
    consciousness: reading.alert ? 0 : 3,
    temperature: scoreOn(TEMPERATURE, 2, reading.temperature),
  }
  return { total: Object.values(parts).reduce((sum, part) => sum + part, 0), ...parts }
}
