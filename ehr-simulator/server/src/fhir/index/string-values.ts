import type { IndexEntries } from './index-entries.ts'
import { isMembers, text, texts } from './members.ts'
import { fold } from './searchable-text.ts'

const PARTS = [
  'family',
  'given',
  'prefix',
  'suffix',
  'text',
  'line',
  'city',
  'district',
  'state',
  'postalCode',
  'country',
] as const

/** Each part of a name or address is a string of its own, or "starts with" would miss the family name (R4 search.html#string). */
function stringsIn(value: unknown): readonly string[] {
  const plain = text(value)
  if (plain !== undefined) return [plain]
  if (!isMembers(value)) return []
  const parts = PARTS.flatMap((part) => texts(value[part]))
  const whole = [...texts(value['given']), ...texts(value['family'])]
  return whole.length > 1 ? [...parts, whole.join(' ')] : parts
}

export const stringsOf = (values: readonly unknown[]): IndexEntries['strings'] =>
  values.flatMap(stringsIn).map((exact) => ({ folded: fold(exact), exact }))
