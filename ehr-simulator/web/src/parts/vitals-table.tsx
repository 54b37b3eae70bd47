import type { PatientChart, VitalSeries } from '../api/overview.ts'
import { news2Points, pointsLevel, news2Level, formatLevel } from '../chart/news2.ts'
import { sharedSpan, type Span } from '../chart/trend.ts'
import { formatPoint, vitalName } from '../chart/vital-names.ts'
import { formatShortMoment, formatSince } from '../format/dates.ts'
import { Trend } from './trend.tsx'

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
            <span>{formatShortMoment(new Date(span.from), chart.now)}</span>
            <span>{formatShortMoment(new Date(span.to), chart.now)}</span>
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
  // A value from before the chart begins says nothing of the risk now.
  const outdated = last.at.getTime() < span.from
  // Children and pregnant women have no NEWS2, and then its points mean nothing either.
  const scored = chart.vitals.some(({ key, points }) => key === 'news2' && points.length > 0)
  const points = outdated || !scored ? null : news2Points(series.key, last.value, chart.oxygenScale2)
  const level = series.key === 'news2' ? news2Level(last.value, chart.news2Three) : pointsLevel(points ?? 0)
  return (
    <tr className={outdated ? 'vitals__outdated' : ''}>
      <th scope="row">{vitalName(series.key)}</th>
      <td className="vitals__number">
        <strong>{formatPoint(series, last)}</strong> <span className="vitals__unit">{series.unit}</span>
      </td>
      <td>
        {series.key === 'news2' && !outdated ? (
          <span className={`news2 news2--wide news2--${level}`}>{formatLevel(level)}</span>
        ) : (
          points !== null && <span className={`news2 news2--${level}`}>{points}</span>
        )}
      </td>
      <td className="vitals__since">{formatSince(last.at, chart.now)}</td>
      <td className="vitals__trend">
        <Trend points={series.points} span={span} />
      </td>
    </tr>
  )
}
