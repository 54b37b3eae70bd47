import 'uplot/dist/uPlot.min.css'
import { useEffect, useRef, useState } from 'react'
import UPlot, { type AlignedData } from 'uplot'
import { formatClock } from '../format.ts'
import type { Point } from './signs.ts'

type SignCurveProps = {
  readonly points: readonly Point[]
  readonly range: readonly [number, number]
  readonly now: Date
}

/** In a small tile the curve is a hint beside its number; scales would leave it no room. */
const ROOM_FOR_SCALES = 90
const HOUR_SECONDS = 60 * 60

/** The last hour of one sign. The number beside it says the same in text, so the drawing is hidden from listeners. */
export function SignCurve({ points, range, now }: SignCurveProps) {
  const place = useRef<HTMLDivElement>(null)
  const [plot, setPlot] = useState<UPlot>()
  const [low, high] = range
  const [show, setShow] = useState(true)

  useEffect(() => {
    const element = place.current
    if (!element) return undefined
    const size = () => ({ width: element.clientWidth, height: element.clientHeight })
    const line = { stroke: '#0f6674', width: 1.5, points: { show: false } }
    const grid = { stroke: '#00000014' }
    const axis = {
      show,
      gap: 3,
      ticks: { size: 4 },
      stroke: getComputedStyle(element).color,
      font: '11px "Source Sans 3 Variable", sans-serif',
      grid,
    }
    const drawn = new UPlot(
      {
        ...size(),
        padding: [6, 4, show ? 0 : 4, show ? 0 : 4],
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: true },
          y: { range: (_plot, least, most) => [Math.min(low, least ?? low), Math.max(high, most ?? high)] },
        },
        axes: [
          {
            ...axis,
            size: 22,
            space: 60,
            values: (_plot, ticks) => ticks.map((tick) => formatClock(new Date(tick * 1000))),
          },
          { ...axis, size: 34, space: 24 },
        ],
        series: [{}, line, { ...line, stroke: '#5aa7b2' }],
      },
      [[], [], []],
      element,
    )
    setPlot(drawn)
    const observer = new ResizeObserver(() => {
      drawn.setSize(size())
      setShow(element.clientHeight >= ROOM_FOR_SCALES)
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
      drawn.destroy()
      setPlot(undefined)
    }
  }, [low, high, show])

  useEffect(() => {
    const data: AlignedData = [
      points.map((point) => point.at.getTime() / 1000),
      points.map((point) => point.value),
      points.map((point) => point.lower ?? null),
    ]
    plot?.setData(data, false)
    const end = Math.max(now.getTime(), points.at(-1)?.at.getTime() ?? 0) / 1000
    const start = Math.max(end - HOUR_SECONDS, (points[0]?.at.getTime() ?? 0) / 1000)
    plot?.setScale('x', { min: Math.min(start, end - 120), max: end })
  }, [plot, points, now])

  return <div ref={place} className="sign-curve" aria-hidden="true" />
}
