import { Tag } from '@navikt/ds-react/Tag'
import { formatClock, formatDayAndClock, formatNumber, isoDay } from '../format.ts'
import type { Point, SIGNS } from './signs.ts'
import { SignCurve } from './sign-curve.tsx'
import { trendOf } from './trend.ts'

type SignCardProps = {
  readonly text: (typeof SIGNS)[number]
  readonly points: readonly Point[]
  readonly newsPoints: number | undefined
  readonly now: Date
}

/** One vital sign: the newest number as text, what NEWS2 makes of it, where it is going, and its last hour. */
export function SignCard({ text, points, newsPoints, now }: SignCardProps) {
  const latest = points.at(-1)
  const trend = trendOf(points, now)
  return (
    <section className="sign" aria-label={text.name}>
      <h2>
        {text.name} <span className="unit">{text.unit}</span>
      </h2>
      {latest ? (
        <p className="sign-line">
          <span className="sign-value" data-sign={text.sign}>
            {formatNumber(latest.value, text.digits)}
            {latest.lower === undefined ? '' : `/${formatNumber(latest.lower, text.digits)}`}
          </span>
          {newsPoints !== undefined && newsPoints > 0 && (
            <Tag
              size="xsmall"
              variant="moderate"
              data-color={newsPoints >= 3 ? 'danger' : 'warning'}
              title="Poeng i NEWS2"
            >
              {newsPoints} p<span className="aksel-sr-only"> (poeng i NEWS2)</span>
            </Tag>
          )}
          {trend && (
            <span className="trend">
              <span aria-hidden="true">{trend.arrow}</span> {trend.words}
            </span>
          )}
          {now.getTime() - latest.at.getTime() > 60_000 && <span className="trend">{whenTaken(latest.at, now)}</span>}
        </p>
      ) : (
        <p className="empty">Ikke målt</p>
      )}
      {points.length > 1 && <SignCurve points={points} range={text.range} now={now} />}
    </section>
  )
}

const whenTaken = (taken: Date, now: Date): string =>
  isoDay(taken) === isoDay(now) ? `kl. ${formatClock(taken)}` : formatDayAndClock(taken)
