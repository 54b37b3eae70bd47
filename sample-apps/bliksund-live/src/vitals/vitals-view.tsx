import { ArrivalLine } from '../arrival/arrival-line.tsx'
import { FailurePanel } from '../frame/failure-panel.tsx'
import { Waiting } from '../frame/session-frame.tsx'
import { usePolling } from '../use-polling.ts'
import { askVitals } from './ask-vitals.ts'
import { isBroken } from './connection.ts'
import { newestTaken, NOTHING_YET } from './last-hour.ts'
import { LiveStatus } from './live-status.tsx'
import { SignCard } from './sign-card.tsx'
import { SIGNS } from './signs.ts'

/** One patient's vital signs as they come in. */
export function VitalsView() {
  const polling = usePolling(askVitals, NOTHING_YET)
  const { value, connection, since, now, refused } = polling
  if (refused) return <FailurePanel failure={refused} />
  const broken = isBroken(connection, since, now)
  if (!connection.answered && !broken) return <Waiting />
  return (
    <>
      <LiveStatus polling={polling} />
      {!newestTaken(value) && !broken ? (
        <p className="empty">Ingen målinger er registrert det siste døgnet. Nye vises straks de kommer.</p>
      ) : (
        <div className={broken ? 'signs old' : 'signs'}>
          {SIGNS.map((text) => (
            <SignCard
              key={text.sign}
              text={text}
              points={value.points.get(text.sign) ?? []}
              newsPoints={value.news2?.parts.get(text.part)}
              now={now}
            />
          ))}
        </div>
      )}
      <ArrivalLine />
    </>
  )
}
