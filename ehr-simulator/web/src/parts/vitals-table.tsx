import type { PatientChart, VitalSeries } from '../api/overview.ts'
import { news2Points, pointsLevel, news2Level, formatLevel } from '../chart/news2.ts'
import { formatPath, placeDots, sharedSpan, type Span } from '../chart/trend.ts'
import { formatPoint, vitalName } from '../chart/vital-names.ts'
import { formatShortMoment, formatSince } from '../format/dates.ts'

const BOX = { width: 320, height: 30, inset: 4 }
const HOURS = 48

/** One row a measurement: what it was last, how long ago, and where it is going. */
export function VitalsTable({ chart }: { readonly chart: PatientChart }) {
  const series = chart.vitals.filter(({ key, points }) => key !== 'weight' && points.length > 0)
  const span = sharedSpan(series, chart.now, HOURS)
  return (
    <table className="vitals">
      <thead>
        <tr>
          <th scope="col">Måling</th>
          <th scope="col" className="vitals__number">
            Siste
          </th>
          <th scope="col">Poeng</th>
          <th scope="col">Siden</th>
          <th scope="col" className="vitals__trend">
            <span>{formatShortMoment(new Date(span.from))}</span>
            <span>{formatShortMoment(new Date(span.to))}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {series.map((one) => (
          <VitalRow key={one.key} series={one} span={span} chart={chart} />
        ))}
      </tbody>
    </table>
  )
}

function VitalRow({
  series,
  span,
  chart,
}: {
  readonly series: VitalSeries
  readonly span: Span
  readonly chart: PatientChart
}) {
  const last = series.points.at(-1)
  if (last === undefined) return null
  const points = news2Points(series.key, last.value, chart.oxygenScale2)
  const level = series.key === 'news2' ? news2Level(last.value) : pointsLevel(points ?? 0)
  return (
    <tr className={`vitals__row vitals__row--${series.key}`}>
      <th scope="row">{vitalName(series.key)}</th>
      <td className="vitals__number">
        <strong>{formatPoint(last)}</strong> <span className="vitals__unit">{series.unit}</span>
      </td>
      <td>
        {series.key === 'news2' ? (
          <span className={`news2 news2--wide news2--${level}`}>{formatLevel(level)}</span>
        ) : (
          points !== null && <span className={`news2 news2--${level}`}>{points}</span>
        )}
      </td>
      <td className="vitals__since">{formatSince(last.at, chart.now)}</td>
      <td className="vitals__trend">
        <Trend series={series} span={span} />
      </td>
    </tr>
  )
}

/** Decoration beside the numbers, which say the same; hence hidden from assistive technology. */
function Trend({ series, span }: { readonly series: VitalSeries; readonly span: Span }) {
  const dots = placeDots(series, span, BOX)
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
