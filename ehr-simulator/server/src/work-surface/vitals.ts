import type { Observation } from '@medplum/fhirtypes'
import type { ChartSource } from './access/chart-source.ts'
import { hasCode, instantOf, wordOf } from './words.ts'

/** LOINC codes of the vital signs profiles, and SNOMED's NEWS2 total (norway.md §4.2). */
const KINDS = [
  { key: 'news2', codes: ['1104051000000101'], unit: 'poeng' },
  { key: 'respiration', codes: ['9279-1'], unit: '/min' },
  { key: 'spo2', codes: ['59408-5', '2708-6'], unit: '%' },
  { key: 'oxygen', codes: ['3151-8'], unit: 'L/min' },
  { key: 'bloodPressure', codes: ['85354-9'], unit: 'mmHg' },
  { key: 'pulse', codes: ['8867-4'], unit: '/min' },
  { key: 'consciousness', codes: ['80288-4'], unit: '' },
  { key: 'temperature', codes: ['8310-5'], unit: '°C' },
  { key: 'weight', codes: ['29463-7'], unit: 'kg' },
] as const

const SYSTOLIC = ['8480-6']
const DIASTOLIC = ['8462-4']
/** SNOMED component of a NEWS2 score that was read on scale 2. */
const SCALE_2 = ['1104321000000108']
/** Enough for two days of close watching; a live monitor writes more and is thinned. */
const MOST_READ = 500
const MOST_POINTS = 80

export type VitalPoint = { readonly at: string; readonly value: number; readonly lower: number | null }

async function readKind(
  store: ChartSource,
  patient: string,
  codes: readonly string[],
): Promise<readonly Observation[]> {
  const query = `Observation?patient=${patient}&code=${codes.join(',')}&_sort=-date&_count=${MOST_READ}`
  const found = await store.findAll<Observation>(query)
  return found.filter(({ status }) => status !== 'entered-in-error' && status !== 'cancelled')
}

export async function readVitals(store: ChartSource, patient: string) {
  const kinds = await Promise.all(
    KINDS.map(async ({ key, codes, unit }) => {
      const found = await readKind(store, patient, codes)
      const points = thin(found.flatMap(pointOf).toReversed(), MOST_POINTS)
      const [newest] = found
      return {
        key,
        unit,
        points,
        word: wordOf(newest?.valueCodeableConcept) || null,
        scale2: newest?.component?.some(({ code }) => hasCode(code, SCALE_2)) ?? false,
        three: newest !== undefined && hasThree(newest),
      }
    }),
  )
  return {
    series: kinds.map(({ key, unit, points, word }) => ({ key, unit, points, word })),
    oxygenScale2: kinds.some(({ key, scale2 }) => key === 'news2' && scale2),
    news2Three: kinds.some(({ key, three }) => key === 'news2' && three),
  }
}

/** The newest score alone, for lists. */
export async function readLatestNews2(store: ChartSource, patient: string) {
  const [latest] = await store.findAll<Observation>(
    `Observation?patient=${patient}&code=${KINDS[0].codes[0]}&_sort=-date&_count=1`,
  )
  const point = latest === undefined ? undefined : pointOf(latest)[0]
  return latest === undefined || point === undefined
    ? null
    : { score: point.value, at: point.at, three: hasThree(latest) }
}

/** Whether one measurement alone gave three points, which calls for a look whatever the sum is. */
const hasThree = ({ component = [] }: Observation): boolean =>
  component.some(({ valueQuantity, valueInteger }) => (valueQuantity?.value ?? valueInteger ?? 0) >= 3)

function pointOf(observation: Observation): readonly VitalPoint[] {
  const at = instantOf(observation.effectiveDateTime ?? observation.effectivePeriod?.start)
  const part = (codes: readonly string[]) =>
    observation.component?.find(({ code }) => hasCode(code, codes))?.valueQuantity?.value
  const value = observation.valueQuantity?.value ?? observation.valueInteger ?? part(SYSTOLIC) ?? alertness(observation)
  return at === null || value === undefined ? [] : [{ at, value, lower: part(DIASTOLIC) ?? null }]
}

/** 1 for somebody alert, 0 for anything else on ACVPU: NEWS2 tells no more apart. */
function alertness({ valueCodeableConcept: concept }: Observation): number | undefined {
  const code = concept?.coding?.[0]?.code
  return code === undefined ? undefined : code === 'A' ? 1 : 0
}

/** Keeps first and last and an even choice between them. */
export function thin<T>(points: readonly T[], most: number): readonly T[] {
  if (points.length <= most) return points
  const step = (points.length - 1) / (most - 1)
  return Array.from({ length: most }, (_, index) => points[Math.round(index * step)]).filter(
    (point) => point !== undefined,
  )
}
