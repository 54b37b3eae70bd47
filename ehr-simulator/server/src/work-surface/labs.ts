import type { Observation, ObservationReferenceRange } from '@medplum/fhirtypes'
import type { ChartSource } from './access/chart-source.ts'
import type { Names } from './names.ts'
import { instantOf, wordOf } from './words.ts'

const MOST_READ = 500
const FLAGS = ['H', 'L', 'HH', 'LL', 'A'] as const
const PRELIMINARY = ['registered', 'preliminary']

/** Every laboratory answer of a patient, one entry an analysis, newest answers first. */
export async function readLabs(store: ChartSource, patient: string, own: string, names: Names) {
  const found = await store.findAll<Observation>(
    `Observation?patient=${patient}&category=laboratory&_sort=-date&_count=${MOST_READ}`,
  )
  const labs = new Map<string, { head: Observation; results: Awaited<ReturnType<typeof resultOf>>[] }>()
  for (const observation of found) {
    if (observation.status === 'entered-in-error' || observation.status === 'cancelled') continue
    const code = observation.code.coding?.[0]?.code ?? wordOf(observation.code)
    const lab = labs.get(code) ?? { head: observation, results: [] }
    labs.set(code, lab)
    lab.results.push(await resultOf(observation, own, names))
  }
  return [...labs].map(([code, { head, results }]) => {
    const range = head.referenceRange?.[0]
    const decimals = decimalsIn([...results.map(({ value }) => value), range?.low?.value, range?.high?.value])
    return {
      code,
      name: wordOf(head.code),
      unit: head.valueQuantity?.unit ?? '',
      reference: formatRange(range, decimals),
      decimals,
      results: results.flatMap(({ at, ...rest }) => (at === null ? [] : [{ at, ...rest }])),
    }
  })
}

/** How finely an analysis is answered: JSON drops the zero of 4,0, its neighbours and its range tell. */
export const decimalsIn = (values: readonly (number | null | undefined)[]): number =>
  Math.max(0, ...values.map((value) => String(value ?? '').split('.')[1]?.length ?? 0))

async function resultOf(observation: Observation, own: string, names: Names) {
  const codes = (observation.interpretation ?? []).flatMap(({ coding }) => (coding ?? []).map(({ code }) => code))
  return {
    at: instantOf(observation.effectiveDateTime ?? observation.issued),
    value: observation.valueQuantity?.value ?? observation.valueInteger ?? null,
    text: observation.valueString ?? (wordOf(observation.valueCodeableConcept) || null),
    flag: FLAGS.find((flag) => codes.includes(flag)) ?? null,
    preliminary: PRELIMINARY.includes(observation.status),
    source: await foreignLaboratory(observation, own, names),
  }
}

/** Named only when another trust answered: performers of the own house have the house's ids. */
async function foreignLaboratory(observation: Observation, own: string, names: Names): Promise<string | null> {
  const performer = observation.performer?.find(({ reference, identifier }) =>
    reference === undefined ? identifier?.value !== undefined && identifier.value !== own : false,
  )
  return performer === undefined ? null : (performer.display ?? ((await names.of(performer)) || null))
}

/** The range without its unit, which has a column of its own. */
export function formatRange(range: ObservationReferenceRange | undefined, decimals: number): string {
  const write = (value: number) => value.toFixed(decimals).replace('.', ',')
  const low = range?.low?.value
  const high = range?.high?.value
  if (low !== undefined && high !== undefined) return `${write(low)}–${write(high)}`
  if (high !== undefined) return `< ${write(high)}`
  if (low !== undefined) return `> ${write(low)}`
  return range?.text ?? ''
}
