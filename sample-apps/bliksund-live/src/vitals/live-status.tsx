import { Tag } from '@navikt/ds-react/Tag'
import { formatClock, formatClockSeconds, formatSpan } from '../format.ts'
import type { Polling } from '../use-polling.ts'
import { isBroken } from './connection.ts'
import { type LastHour, newestTaken } from './last-hour.ts'
import type { LiveRecord } from './live-record.ts'
import { riskLevel } from './news2.ts'

const MINUTE = 60 * 1000

type LiveStatusProps = { readonly hour: LastHour; readonly polling: Polling<LiveRecord> }

/** The score, and how fresh everything below it is. */
export function LiveStatus({ hour, polling }: LiveStatusProps) {
  const { connection, since, now } = polling
  const taken = newestTaken(hour)
  const age = taken ? now.getTime() - taken.getTime() : undefined
  const level = hour.news2 && riskLevel(hour.news2.total, hour.news2.parts.values())
  return (
    <div className="live-status">
      {hour.news2 && level ? (
        <Tag size="small" variant="strong" data-color={level.color}>
          NEWS2 {hour.news2.total}: {level.words}
          {now.getTime() - hour.news2.at.getTime() > MINUTE && ` (kl. ${formatClock(hour.news2.at)})`}
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
