import type { PatientRow } from '../api/patients.ts'
import { formatPatientName } from '../format/patient-line.ts'

export const SORT_KEYS = ['name', 'place', 'admitted', 'news2'] as const
export type SortKey = (typeof SORT_KEYS)[number]
export type Sorting = { readonly key: SortKey; readonly direction: 'ascending' | 'descending' }

/** Æ, ø and å stand last, as in every Norwegian list; numbers inside room names count as numbers. */
const NORWEGIAN = new Intl.Collator('nb', { numeric: true })

const COMPARE: { readonly [key in SortKey]: (a: PatientRow, b: PatientRow) => number } = {
  name: (a, b) => NORWEGIAN.compare(formatPatientName(a.patient), formatPatientName(b.patient)),
  place: (a, b) => NORWEGIAN.compare(a.place, b.place),
  admitted: (a, b) => (a.admitted?.getTime() ?? 0) - (b.admitted?.getTime() ?? 0),
  news2: (a, b) => (a.news2?.score ?? -1) - (b.news2?.score ?? -1),
}

export function sortPatients(rows: readonly PatientRow[], { key, direction }: Sorting): readonly PatientRow[] {
  const sign = direction === 'ascending' ? 1 : -1
  return [...rows].sort((a, b) => sign * COMPARE[key](a, b) || COMPARE.name(a, b))
}

/** A second click on the same heading turns the order; scores start with the sickest. */
export function nextSorting(now: Sorting, clicked: SortKey): Sorting {
  if (now.key === clicked)
    return { key: clicked, direction: now.direction === 'ascending' ? 'descending' : 'ascending' }
  return { key: clicked, direction: clicked === 'news2' ? 'descending' : 'ascending' }
}
