import { Button } from '@navikt/ds-react'
import { useEffect } from 'react'
import type { TakenFace } from '../api/access.ts'
import { announcementOf, formatRemaining, isLong } from '../access/countdown.ts'
import { useRemaining } from '../access/use-remaining.ts'
import { formatNear } from '../format/dates.ts'

type Props = {
  readonly taken: TakenFace
  readonly now: Date
  readonly onOver: () => void
  readonly onRenew: () => void
  readonly onEnd: () => void
}

/** How long an access lasts that somebody gave themselves. It never goes on by itself. */
export function AccessTimer({ taken, now, onOver, onRenew, onEnd }: Props) {
  const remaining = useRemaining(taken.until, now)
  const over = remaining <= 0
  useEffect(() => {
    if (over) onOver()
  }, [over, onOver])
  return (
    <div className={`access-timer access-timer--${taken.kind}`}>
      <span className="access-timer__ground">{taken.title}</span>
      <span role="timer" className="access-timer__left">
        {taken.kind === 'glass' ? 'Åpent i' : 'Tilgangen utløper om'} <strong>{formatRemaining(remaining)}</strong>
        {isLong(remaining) && <span className="access-timer__end">til {formatNear(taken.until, now)}</span>}
      </span>
      <span className="only-heard" aria-live="polite">
        {announcementOf(remaining)}
      </span>
      {taken.renewable && (
        <Button size="xsmall" variant="secondary" data-color="neutral" onClick={onRenew}>
          Forny tilgangen
        </Button>
      )}
      <Button size="xsmall" variant="tertiary" data-color="neutral" onClick={onEnd}>
        {taken.kind === 'glass' ? 'Lukk sperrede opplysninger' : 'Avslutt tilgangen'}
      </Button>
    </div>
  )
}
