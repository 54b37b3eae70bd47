import { Tag } from '@navikt/ds-react/Tag'
import { formatClock } from '../format.ts'
import { type Load, useLoad } from '../frame/use-load.ts'
import { URGENCY_TEXT } from '../incoming/arrival-text.ts'
import type { Transport } from '../incoming/transport.ts'
import { knownText } from './known-text.ts'
import { type Arrival, loadArrival } from './load-arrival.ts'

/** What the receiving team asks of a patient on the way: who brings them, when, why, and what to be careful about. */
export function ArrivalLine({ transport }: { readonly transport: Transport }) {
  const load = useLoad(loadArrival)
  const { allergies, conditions } = partsOf(load)
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
        <strong>Allergi:</strong> {knownText(allergies)} <strong>Kjent:</strong> {knownText(conditions)}
      </p>
    </div>
  )
}

/** What failed as a whole failed in each part. */
function partsOf(load: Load<Arrival>): { readonly [part in keyof Arrival]: Arrival[part] | undefined } {
  if (load.kind === 'ready') return load.value
  const closed = load.kind === 'failed' ? ({ kind: 'closed', failure: load.failure } as const) : undefined
  return { allergies: closed, conditions: closed }
}
