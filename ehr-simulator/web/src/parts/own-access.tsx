import { Button } from '@navikt/ds-react'
import { PadlockLockedIcon } from '@navikt/aksel-icons'
import { useCallback, useState } from 'react'
import type { TakenFace } from '../api/access.ts'
import type { HostClient } from '../api/client.ts'
import type { PatientChart } from '../api/overview.ts'
import { AccessTimer } from './access-timer.tsx'
import { GlassDialog } from './glass-dialog.tsx'
import { RenewDialog } from './renew-dialog.tsx'

type Props = {
  readonly client: HostClient
  readonly chart: PatientChart
  /** The chart is asked for anew: with other access it is another chart. */
  readonly onChanged: () => void
}

/** Under the patient line: what one gave oneself and how long it lasts, and whether something is blocked. */
export function OwnAccess({ client, chart, onChanged }: Props) {
  const [renewing, setRenewing] = useState<TakenFace | null>(null)
  const [opening, setOpening] = useState(false)
  const { access, mayOpenBlocked, now, patient } = chart
  const end = useCallback(
    (taken: TakenFace) => {
      const run = async () => {
        await client.endAccess(taken.decision)
        onChanged()
      }
      void run()
    },
    [client, onChanged],
  )
  if (access.length === 0 && !mayOpenBlocked) return null
  const changed = () => {
    setRenewing(null)
    setOpening(false)
    onChanged()
  }
  return (
    <div className="own-access">
      {access.map((taken) => (
        <AccessTimer
          key={taken.decision}
          taken={taken}
          now={now}
          onOver={onChanged}
          onRenew={() => setRenewing(taken)}
          onEnd={() => end(taken)}
        />
      ))}
      {mayOpenBlocked && (
        <div className="blocked-banner">
          <PadlockLockedIcon aria-hidden />
          <span>Pasienten har sperret opplysninger</span>
          <Button
            size="xsmall"
            variant="secondary"
            data-color="neutral"
            aria-haspopup="dialog"
            onClick={() => setOpening(true)}
          >
            Åpne sperrede opplysninger
          </Button>
        </div>
      )}
      {renewing && (
        <RenewDialog client={client} taken={renewing} onTaken={changed} onCancel={() => setRenewing(null)} />
      )}
      {opening && (
        <GlassDialog client={client} patient={patient.id} onTaken={changed} onCancel={() => setOpening(false)} />
      )}
    </div>
  )
}
