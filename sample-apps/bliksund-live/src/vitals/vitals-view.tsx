import { ArrivalLine } from '../arrival/arrival-line.tsx'
import { FailurePanel } from '../frame/failure-panel.tsx'
import { Waiting } from '../frame/session-frame.tsx'
import { usePolling } from '../use-polling.ts'
import { askRecord } from './ask-record.ts'
import { isBroken } from './connection.ts'
import { newestTaken } from './last-hour.ts'
import { NO_TRANSPORT } from './live-record.ts'
import { LiveStatus } from './live-status.tsx'
import { SignCard, WordCard } from './sign-card.tsx'
import { SIGNS } from './signs.ts'

/** One patient's vital signs as they come in from the ambulance. */
export function VitalsView() {
  const polling = usePolling(askRecord, NO_TRANSPORT)
  const { value, connection, since, now, refused } = polling
  if (refused) return <FailurePanel failure={refused} />
  const broken = isBroken(connection, since, now)
  if (!connection.answered && !broken) return <Waiting />
  if (value.kind === 'no-transport') return <NoTransport broken={broken} />
  const { hour, transport } = value
  const card = (text: (typeof SIGNS)[number]) => (
    <SignCard
      key={text.sign}
      text={text}
      points={hour.points.get(text.sign) ?? []}
      newsPoints={hour.news2?.parts.get(text.part)}
      now={now}
    />
  )
  return (
    <>
      <LiveStatus hour={hour} polling={polling} />
      {!newestTaken(hour) && !broken ? (
        <p className="empty">Ingen målinger er mottatt fra ambulansen ennå. Nye vises straks de kommer.</p>
      ) : (
        <div className={broken ? 'signs old' : 'signs'}>
          {SIGNS.filter(({ sign }) => sign !== 'oxygen').map(card)}
          <div className="sign-pair">
            {SIGNS.filter(({ sign }) => sign === 'oxygen').map(card)}
            <WordCard
              name="Bevissthet"
              latest={hour.consciousness}
              newsPoints={hour.news2?.parts.get('consciousness')}
              now={now}
            />
          </div>
        </div>
      )}
      <ArrivalLine transport={transport} />
    </>
  )
}

/** An ambulance may still be called: the question goes on being asked. */
function NoTransport({ broken }: { readonly broken: boolean }) {
  if (!broken) return <p className="empty">Ingen pågående ambulanseoppdrag for denne pasienten.</p>
  return (
    <p role="alert" className="broken">
      Tilkobling brutt – ambulansejournalen kan ikke leses
    </p>
  )
}
