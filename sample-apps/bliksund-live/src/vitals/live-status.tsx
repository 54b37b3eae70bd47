import { Tag } from '@navikt/ds-react/Tag'
import { formatClock, formatClockSeconds, formatSpan } from '../format.ts'
import type { Polling } from '../use-polling.ts'
import { isBroken } from './connection.ts'
import { type LastHour, newestTaken } from './last-hour.ts'
import { riskLevel } from './news2.ts'

const MINUTE = 60 * 1000

/** The score, and how fresh everything below it is. */
export function LiveStatus({ polling }: { readonly polling: Polling<LastHour> }) {
  const { value, connection, since, now } = polling
  const taken = newestTaken(value)
  const age = taken ? now.getTime() - taken.getTime() : undefined
  const level = value.news2 && riskLevel(value.news2.total, value.news2.parts.values())
  return (
    <div className="live-status">
      {value.news2 && level ? (
        <Tag size="small" variant="strong" data-color={level.color}>
          NEWS2 {value.news2.total}: {level.words}
          {now.getTime() - value.news2.at.getTime() > MINUTE && ` (kl. ${formatClock(value.news2.at)})`}
        </Tag>
      ) : (
        <Tag size="small" variant="outline">
          NEWS2 ikke skåret
        </Tag>
      )}
      {isBroken(connection, since, now) ? (
        <span role="alert" className="broken">
          Tilkobling brutt – viser data fra {taken ? formatClockSeconds(taken) : 'før oppstart'}
        </span>
      ) : (
        age !== undefined &&
        taken && (
          <span className="age">
            {age > MINUTE && `Ingen nye målinger på ${formatSpan(age)}`}
            {age <= MINUTE && `Direkte, målt for ${formatSpan(age)} siden`}
          </span>
        )
      )}
    </div>
  )
}
