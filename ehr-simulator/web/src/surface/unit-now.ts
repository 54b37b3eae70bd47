import type { PatientRow } from '../api/patients.ts'
import { news2Level, type Level } from '../chart/news2.ts'

export type UnitSummary = {
  readonly levels: readonly { readonly level: Exclude<Level, 'none'> | 'unknown'; readonly count: number }[]
  readonly coming: readonly PatientRow[]
  readonly recent: readonly PatientRow[]
}

const DAY_MS = 24 * 3_600_000
const MOST = 6

/** How ill the unit is, what comes next, and who came last. */
export function summariseUnit(rows: readonly PatientRow[], now: Date): UnitSummary {
  // A sum of 0 is low risk like 1 to 4; only the chip is paler.
  const levelOf = ({ news2 }: PatientRow) => {
    const level = news2 === null ? 'unknown' : news2Level(news2.score, news2.three)
    return level === 'none' ? 'low' : level
  }
  const levels = (['high', 'medium', 'low-medium', 'low', 'unknown'] as const).map((level) => ({
    level,
    count: rows.filter((row) => levelOf(row) === level).length,
  }))
  const coming = rows
    .filter(({ next }) => next !== null)
    .toSorted((a, b) => (a.next?.at.getTime() ?? 0) - (b.next?.at.getTime() ?? 0))
  const recent = rows
    .filter(
      ({ admitted, status }) =>
        status === 'present' && admitted !== null && now.getTime() - admitted.getTime() < 7 * DAY_MS,
    )
    .toSorted((a, b) => (b.admitted?.getTime() ?? 0) - (a.admitted?.getTime() ?? 0))
  return {
    levels: levels.filter(({ level, count }) => level !== 'unknown' || count > 0),
    coming: coming.slice(0, MOST),
    recent: recent.slice(0, MOST),
  }
}
