import type { LabFace, LabResult, PatientChart } from '../api/overview.ts'
import { formatEmpty } from '../chart/emptiness.ts'
import { layOutLabs } from '../chart/lab-grid.ts'
import { ownSpan } from '../chart/trend.ts'
import { formatClock, formatDate } from '../format/dates.ts'
import { Trend } from '../parts/trend.tsx'
import { LabFlag } from '../parts/lab-flag.tsx'
import { formatResult } from '../parts/latest-labs.tsx'

/** As many samplings as fit beside the names on the narrowest screen we draw for. */
const COLUMNS = 8

export function LabResults({ chart }: { readonly chart: PatientChart }) {
  const { times, rows } = layOutLabs(chart.labs, COLUMNS)
  if (rows.length === 0)
    return <p className="empty-page">{formatEmpty(chart, 'Observation', 'Ingen prøvesvar å vise.')}</p>
  return (
    <div className="lab-page">
      <table className="labs labs--grid">
        <caption className="only-heard">Prøvesvar, nyeste først</caption>
        <thead>
          <tr>
            <th scope="col">Analyse</th>
            <th scope="col">Enhet</th>
            <th scope="col">Referanse</th>
            {times.map((time) => (
              <th key={time.toISOString()} scope="col" className="labs__number">
                {formatDate(time)}
                <br />
                <span className="labs__clock">{formatClock(time)}</span>
              </th>
            ))}
            <th scope="col">Utvikling</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ lab, cells }) => (
            <tr key={lab.code}>
              <th scope="row">{lab.name}</th>
              <td className="labs__quiet">{lab.unit}</td>
              <td className="labs__quiet">{lab.reference}</td>
              {cells.map((cell, index) => (
                <Cell key={times[index]?.toISOString() ?? index} cell={cell} decimals={lab.decimals} />
              ))}
              <td className="labs__trend">
                <LabTrend lab={lab} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Cell({ cell, decimals }: { readonly cell: LabResult | null; readonly decimals: number }) {
  if (cell === null) return <td />
  return (
    <td className="labs__number" title={cell.source === null ? undefined : `Besvart av ${cell.source}`}>
      <span className="labs__cell">
        <LabFlag flag={cell.flag} />
        <strong>{formatResult(cell, decimals)}</strong>
      </span>
      {cell.preliminary && <span className="labs__preliminary">Foreløpig</span>}
      {cell.source !== null && <span className="labs__source">{cell.source}</span>}
    </td>
  )
}

/** Evenly spaced by answer, not by time: years lie between some of them. */
function LabTrend({ lab }: { readonly lab: LabFace }) {
  const values = lab.results.flatMap(({ value }) => (value === null ? [] : [value])).toReversed()
  if (values.length < 2) return null
  const points = values.map((value, index) => ({ at: new Date(index), value, lower: null }))
  return <Trend points={points} span={ownSpan(points)} />
}
