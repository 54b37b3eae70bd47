import { Tag } from '@navikt/ds-react/Tag'
import { formatClock } from '../format.ts'
import { useLoad } from '../frame/use-load.ts'
import { URGENCY_TEXT } from '../incoming/arrival-text.ts'
import type { Transport } from '../incoming/transport.ts'
import { loadArrival } from './load-arrival.ts'

/** What the receiving team asks of a patient on the way: who brings them, when, why, and what to be careful about. */
export function ArrivalLine({ transport }: { readonly transport: Transport }) {
  const load = useLoad(loadArrival)
  if (load.kind !== 'ready') return null
  const { allergies, conditions } = load.value
  const closed = allergies.kind === 'closed'
  const names = allergies.kind === 'read' ? allergies.value : []
  const known = conditions.kind === 'read' ? conditions.value : []
  return (
    <div className="arrival">
      <p>
        <Tag size="xsmall" variant="moderate" data-color={URGENCY_TEXT[transport.urgency].color}>
          {URGENCY_TEXT[transport.urgency].words}
        </Tag>{' '}
        {[
          transport.vehicleName,
          transport.problem,
          transport.arrives && `forventet kl. ${formatClock(transport.arrives)}`,
        ]
          .filter(Boolean)
          .join(', ')}
      </p>
      <p>
        <strong>Allergi:</strong> {closed ? 'ikke tilgang' : names.join(', ') || 'ingen registrert'}
        {known.length > 0 && (
          <>
            {' '}
            <strong>Kjent:</strong> {known.join(', ')}
          </>
        )}
      </p>
    </div>
  )
}
