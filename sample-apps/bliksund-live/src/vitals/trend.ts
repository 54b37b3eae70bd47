import type { Point } from './signs.ts'

export type Trend = { readonly arrow: string; readonly words: string }

const FIVE_MINUTES = 5 * 60 * 1000
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

/** The last five minutes against the five before; undefined while there is too little to say. */
export function trendOf(points: readonly Point[], now: Date): Trend | undefined {
  const age = (point: Point): number => now.getTime() - point.at.getTime()
  const recent = points.filter((point) => age(point) <= FIVE_MINUTES)
  const before = points.filter((point) => age(point) > FIVE_MINUTES && age(point) <= 2 * FIVE_MINUTES)
  if (recent.length < 2 || before.length < 2) return undefined
  const was = mean(before.map((point) => point.value))
  const change = was === 0 ? 0 : (mean(recent.map((point) => point.value)) - was) / was
  if (change > 0.05) return { arrow: '↗', words: 'stigende' }
  if (change < -0.05) return { arrow: '↘', words: 'fallende' }
  return { arrow: '→', words: 'stabil' }
}
