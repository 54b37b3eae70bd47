import { Tag } from '@navikt/ds-react/Tag'
import { formatClock, formatDayAndClock, formatNumber, isoDay } from '../format.ts'
import type { Consciousness, Point, SIGNS } from './signs.ts'
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
            {formatPoint(latest, text)}
          </span>
          <PointsTag points={newsPoints} />
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
      {points.length > 1 && text.sign !== 'oxygen' && <SignCurve points={points} range={text.range} now={now} />}
    </section>
  )
}

type WordCardProps = {
  readonly name: string
  readonly latest: Consciousness | undefined
  readonly newsPoints: number | undefined
  readonly now: Date
}

/** A sign that is a word. */
export function WordCard({ name, latest, newsPoints, now }: WordCardProps) {
  return (
    <section className="sign" aria-label={name}>
      <h2>{name}</h2>
      {latest ? (
        <p className="sign-line">
          <span className="sign-value">{latest.words}</span>
          <PointsTag points={newsPoints} />
          {now.getTime() - latest.at.getTime() > 60_000 && <span className="trend">{whenTaken(latest.at, now)}</span>}
        </p>
      ) : (
        <p className="empty">Ikke målt</p>
      )}
    </section>
  )
}

/** What NEWS2 makes of a sign; without a tag it makes nothing of it. */
function PointsTag({ points }: { readonly points: number | undefined }) {
  if (points === undefined || points === 0) return null
  return (
    <Tag size="xsmall" variant="moderate" data-color={points >= 3 ? 'danger' : 'warning'} title="Poeng i NEWS2">
      {points} p<span className="aksel-sr-only"> (poeng i NEWS2)</span>
    </Tag>
  )
}

function formatPoint({ value, lower }: Point, { sign, digits }: SignCardProps['text']): string {
  if (sign === 'oxygen' && value === 0) return 'Luft'
  return lower === undefined
    ? formatNumber(value, digits)
    : `${formatNumber(value, digits)}/${formatNumber(lower, digits)}`
}

const whenTaken = (taken: Date, now: Date): string =>
  isoDay(taken) === isoDay(now) ? `kl. ${formatClock(taken)}` : formatDayAndClock(taken)
