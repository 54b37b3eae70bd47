import type { VitalSeries } from '../api/overview.ts'

const LEAST_MS = 20 * 60_000

export type Box = { readonly width: number; readonly height: number; readonly inset: number }
export type Span = { readonly from: number; readonly to: number }
export type Dot = { readonly x: number; readonly y: number; readonly lowerY: number | null }

/** The hours every row of the vitals table shares, so that one look down the column compares the same moment. */
export function sharedSpan(series: readonly VitalSeries[], now: Date, hours: number): Span {
  const times = series.flatMap(({ points }) => points.map(({ at }) => at.getTime()))
  const to = Math.max(now.getTime(), ...times)
  const earliest = to - hours * 3_600_000
  const first = Math.min(...times.filter((time) => time >= earliest), to)
  // A chart of ten minutes would make noise look like drama: never less than twenty.
  return { from: Math.max(earliest, Math.min(first, to - LEAST_MS)), to }
}

/** From the first to the last point, for a trend that stands alone. */
export function ownSpan(points: readonly { readonly at: Date }[]): Span {
  const times = points.map(({ at }) => at.getTime())
  return { from: Math.min(...times), to: Math.max(...times) }
}

/** Places the points of one series inside its box; a flat series runs through the middle. */
export function placeDots(series: Pick<VitalSeries, 'points'>, span: Span, box: Box): readonly Dot[] {
  const points = series.points.filter(({ at }) => at.getTime() >= span.from && at.getTime() <= span.to)
  const values = points.flatMap(({ value, lower }) => (lower === null ? [value] : [value, lower]))
  const low = Math.min(...values)
  const high = Math.max(...values)
  const y = (value: number) =>
    high === low ? box.height / 2 : box.inset + ((high - value) / (high - low)) * (box.height - 2 * box.inset)
  const x = (time: number) =>
    box.inset + ((time - span.from) / Math.max(1, span.to - span.from)) * (box.width - 2 * box.inset)
  return points.map(({ at, value, lower }) => ({
    x: round(x(at.getTime())),
    y: round(y(value)),
    lowerY: lower === null ? null : round(y(lower)),
  }))
}

export const formatPath = (dots: readonly { readonly x: number; readonly y: number }[]): string =>
  dots.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('')

const round = (value: number): number => Math.round(value * 10) / 10
