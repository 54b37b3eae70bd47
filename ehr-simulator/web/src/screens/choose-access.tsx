import { Alert, Heading, Loader } from '@navikt/ds-react'
import { useCallback, useState } from 'react'
import type { AccessFace } from '../api/access.ts'
import type { HostClient } from '../api/client.ts'
import { formatFhirDate } from '../format/dates.ts'
import { formatGender, formatPatientName } from '../format/patient-line.ts'
import { EmergencyForm } from '../parts/emergency-form.tsx'
import { GroundForm } from '../parts/ground-form.tsx'
import { RefusalNotice } from '../parts/refusal-notice.tsx'
import { useAnswer } from '../surface/use-answer.ts'

type Props = {
  readonly client: HostClient
  readonly patient: string
  /** True when there was access a moment ago. */
  readonly lost: boolean
  readonly onTaken: () => void
  readonly onClose: () => void
}

const EMERGENCY = 'BLAALYS'
/** As long as a chart may take to open once there is access. */
const OPENS_WITHIN_MS = 2000

/** In front of a chart one has no relation to. Which grounds there are is for the server to say. */
export function ChooseAccess({ client, patient, lost, onTaken, onClose }: Props) {
  const ask = useCallback(() => client.access(patient), [client, patient])
  const [answer, again] = useAnswer(ask)
  if (answer.kind === 'loading') return <Loader size="large" title="Henter …" className="waiting" />
  if (answer.kind === 'refused') return <RefusalNotice refused={answer} onAgain={again} onClose={onClose} />
  return <Choice client={client} face={answer.value} lost={lost} onTaken={onTaken} onClose={onClose} />
}

function Choice({ client, face, lost, onTaken, onClose }: Omit<Props, 'patient'> & { readonly face: AccessFace }) {
  const { patient, grounds } = face
  const chosen = grounds.filter(({ id }) => id !== EMERGENCY)
  const emergency = grounds.find(({ id }) => id === EMERGENCY)
  const [isHeld, setHeld] = useState(false)
  const take = (ground: string, reason: string) => client.takeAccess(patient.id, ground, reason)
  const taken = () => {
    onTaken()
    // Where the chart opens, this is gone by then.
    setTimeout(() => setHeld(true), OPENS_WITHIN_MS)
  }
  return (
    <div className="choose-access">
      <header className="choose-access__who">
        <Heading level="1" size="small">
          {formatPatientName(patient)}
        </Heading>
        <p>
          Født {formatFhirDate(patient.birthDate)} · {formatGender(patient.gender)}
        </p>
      </header>
      <Alert variant={lost ? 'info' : 'warning'} size="small">
        {isHeld
          ? 'Tilgangen er registrert, men journalen kan ikke vises for deg. Pasienten kan ha sperret opplysninger. Ta kontakt med enheten som har pasienten.'
          : `${lost ? 'Tilgangen er over. ' : ''}Du har ikke tjenstlig behov registrert for denne pasienten.`}
      </Alert>
      {grounds.length === 0 ? (
        <p className="empty-line">
          Rollen din kan ikke velge grunnlag for tilgang. Ta kontakt med enheten som har pasienten.
        </p>
      ) : (
        <p className="choose-access__logged">
          Alle oppslag logges. Pasienten ser hvem som har åpnet journalen, når og hvorfor.
        </p>
      )}
      <div className="choose-access__ways">
        {chosen.length > 0 && <GroundForm grounds={chosen} take={take} onTaken={taken} onCancel={onClose} />}
        {emergency && <EmergencyForm ground={emergency} take={take} onTaken={taken} />}
      </div>
    </div>
  )
}
