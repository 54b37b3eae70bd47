import { Tag } from '@navikt/ds-react/Tag'
import { formatClock, formatClockSeconds } from '../format.ts'
import { FailurePanel } from '../frame/failure-panel.tsx'
import { Waiting } from '../frame/session-frame.tsx'
import { usePolling } from '../use-polling.ts'
import { isBroken } from '../vitals/connection.ts'
import { askIncoming, type Incoming, NOBODY } from './ask-incoming.ts'
import { arrivalText, reportedScore, URGENCY_TEXT } from './arrival-text.ts'
import type { Transport } from './transport.ts'

/** Ambulances on their way to the unit. No names: a patient's record opens from the patient list of the host. */
export function IncomingView() {
  const { value, connection, since, now, refused } = usePolling(askIncoming, NOBODY)
  if (refused) return <FailurePanel failure={refused} />
  const broken = isBroken(connection, since, now)
  if (!connection.answered && !broken) return <Waiting />
  return (
    <section aria-labelledby="incoming">
      <div className="live-status">
        <h2 id="incoming">Innkommende{connection.answered && ` (${value.transports.length})`}</h2>
        {broken ? (
          <span role="alert" className="broken">
            Tilkobling brutt – viser data fra{' '}
            {connection.answered ? formatClockSeconds(connection.answered) : 'før oppstart'}
          </span>
        ) : (
          connection.answered && <span className="age">Oppdatert {formatClockSeconds(connection.answered)}</span>
        )}
      </div>
      {value.transports.length === 0 && !broken && <p className="empty">Ingen ambulanser er på vei.</p>}
      <ul className="transports">
        {value.transports.map((transport) => (
          <TransportRow key={transport.id} transport={transport} places={value.places} now={now} />
        ))}
      </ul>
    </section>
  )
}

type TransportRowProps = { readonly transport: Transport; readonly places: Incoming['places']; readonly now: Date }

function TransportRow({ transport, places, now }: TransportRowProps) {
  const vehicle = transport.vehicleName ?? places.get(transport.vehicleId ?? '')
  const room = transport.roomName ?? places.get(transport.roomId ?? '')
  const urgency = URGENCY_TEXT[transport.urgency]
  const score = transport.news2 === undefined ? undefined : reportedScore(transport.news2)
  return (
    <li className={`transport ${transport.urgency}`}>
      <div className="transport-head">
        <strong>{vehicle || 'Ambulanse'}</strong>
        <Tag size="xsmall" variant="strong" data-color={urgency.color}>
          {urgency.words}
        </Tag>
        {score && (
          <Tag size="xsmall" variant="moderate" data-color={score.color}>
            {score.words}
          </Tag>
        )}
      </div>
      <div className="transport-time">
        <strong>{transport.arrives ? formatClock(transport.arrives) : '–'}</strong>
        <span className="age">{arrivalText(transport.arrives, now)}</span>
      </div>
      <div className="transport-what">
        {transport.who}: {transport.problem}
        {room && <span className="age"> Til {room}</span>}
      </div>
    </li>
  )
}
