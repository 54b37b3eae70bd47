import 'uplot/dist/uPlot.min.css'
import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import { formatDay, formatNumber } from '../format.ts'
import { formatWhole, WHOLE_STEPS } from '../nourishment/weight-axis.ts'
import type { Measured } from '../nourishment/weight.ts'

/** Body weight over time, as a curve and as the table behind it. */
export function WeightCurve({ weights }: { readonly weights: readonly Measured[] }) {
  if (weights.length === 0) return <p className="empty">Ingen vekt funnet.</p>
  return (
    <>
      {weights.length > 1 && <Curve weights={weights} />}
      <details>
        <summary>Alle vekter ({weights.length})</summary>
        <table>
          <thead>
            <tr>
              <th>Dato</th>
              <th className="number">Vekt, kg</th>
            </tr>
          </thead>
          <tbody>
            {weights.toReversed().map((weight) => (
              <tr key={weight.at.toISOString()}>
                <td>{formatDay(weight.at)}</td>
                <td className="number">{formatNumber(weight.value, 1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  )
}

function Curve({ weights }: { readonly weights: readonly Measured[] }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = place.current
    if (!element) return undefined
    const color = getComputedStyle(element).color
    const size = () => ({ width: element.clientWidth, height: element.clientHeight })
    const axis = { stroke: color, font: '12px "Source Sans 3 Variable", sans-serif', grid: { stroke: '#00000014' } }
    const plot = new UPlot(
      {
        ...size(),
        legend: { show: false },
        cursor: { show: false },
        scales: { y: { range: (_plot, low, high) => [Math.floor(low - 1), Math.ceil(high + 1)] } },
        axes: [
          {
            ...axis,
            space: 90,
            values: (_plot, ticks) => ticks.map((tick) => formatDay(new Date(tick * 1000))),
          },
          { ...axis, size: 34, incrs: [...WHOLE_STEPS], values: (_plot, ticks) => ticks.map(formatWhole) },
        ],
        series: [{}, { stroke: '#0f6674', width: 2, points: { show: true, size: 7, fill: '#0f6674' } }],
      },
      [weights.map((weight) => weight.at.getTime() / 1000), weights.map((weight) => weight.value)],
      element,
    )
    const observer = new ResizeObserver(() => plot.setSize(size()))
    observer.observe(element)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [weights])
  const first = weights[0]
  const last = weights.at(-1)
  const summary =
    first && last
      ? `Vekt fra ${formatNumber(first.value, 1)} kg ${formatDay(first.at)} til ${formatNumber(last.value, 1)} kg ${formatDay(last.at)}`
      : 'Vekt'
  return <div ref={place} className="curve" role="img" aria-label={summary} />
}
