import type { VitalKey, VitalSeries } from '../api/overview.ts'

/** The newest point of one series; points stand oldest first. */
export const latestOf = (vitals: readonly VitalSeries[], key: VitalKey): VitalSeries['points'][number] | undefined =>
  vitals.find((series) => series.key === key)?.points.at(-1)
