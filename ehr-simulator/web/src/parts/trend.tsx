import type { VitalSeries } from '../api/overview.ts'
import { formatPath, placeDots, type Span } from '../chart/trend.ts'

const BOX = { width: 320, height: 30, inset: 4 }

/** Decoration beside the numbers, which say the same; hence hidden from assistive technology. */
export function Trend({ points, span }: Pick<VitalSeries, 'points'> & { readonly span: Span }) {
  const dots = placeDots({ points }, span, BOX)
  const lower = dots.flatMap(({ x, lowerY }) => (lowerY === null ? [] : [{ x, y: lowerY }]))
  const last = dots.at(-1)
  return (
    <svg viewBox={`0 0 ${BOX.width} ${BOX.height}`} preserveAspectRatio="none" className="trend" aria-hidden="true">
      <path d={`M0 ${BOX.height - 0.5}H${BOX.width}`} className="trend__base" />
      {lower.length > 0 && <path d={formatPath(lower)} className="trend__line trend__line--lower" />}
      <path d={formatPath(dots)} className="trend__line" />
      {last && <path d={`M${last.x} ${last.y}h0.01`} className="trend__dot" />}
    </svg>
  )
}
