import type { LabFace, LabResult } from '../api/overview.ts'

export type LabGrid = {
  /** Sampling times, newest first. */
  readonly times: readonly Date[]
  readonly rows: readonly { readonly lab: LabFace; readonly cells: readonly (LabResult | null)[] }[]
}

/** The cumulative table: one row an analysis, one column a sampling. */
export function layOutLabs(labs: readonly LabFace[], columns: number): LabGrid {
  const all = [...new Set(labs.flatMap(({ results }) => results.map(({ at }) => at.getTime())))]
  const times = all.sort((a, b) => b - a).slice(0, columns)
  return {
    times: times.map((time) => new Date(time)),
    rows: labs
      .map((lab) => ({
        lab,
        cells: times.map((time) => lab.results.find(({ at }) => at.getTime() === time) ?? null),
      }))
      .filter(({ cells }) => cells.some((cell) => cell !== null)),
  }
}
