import type { IndexEntries } from './index-entries.ts'
import { isMembers, text } from './members.ts'

type NumberEntry = IndexEntries['numbers'][number]

const numeric = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined
const quantityValue = (value: unknown): number | undefined => (isMembers(value) ? numeric(value['value']) : undefined)

function numberIn(value: unknown): NumberEntry | undefined {
  const plain = numeric(value)
  if (plain !== undefined) return { low: plain, high: plain, system: '', code: '' }
  if (!isMembers(value)) return undefined
  const exact = quantityValue(value)
  if (exact !== undefined) {
    return {
      low: exact,
      high: exact,
      system: text(value['system']) ?? '',
      code: text(value['code']) ?? text(value['unit']) ?? '',
    }
  }
  const [low, high] = [quantityValue(value['low']), quantityValue(value['high'])] // a Range
  if (low === undefined && high === undefined) return undefined
  return { low: low ?? -Number.MAX_VALUE, high: high ?? Number.MAX_VALUE, system: '', code: '' }
}

export const numbersOf = (values: readonly unknown[]): readonly NumberEntry[] =>
  values.flatMap((value) => numberIn(value) ?? [])
