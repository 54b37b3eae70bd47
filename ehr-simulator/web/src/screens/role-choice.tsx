import { Alert, BodyShort, Button, Heading } from '@navikt/ds-react'
import { useState } from 'react'
import type { Answer, Refused } from '../api/client.ts'
import type { SessionFace } from '../api/session.ts'
import { formatStaffName } from '../format/patient-line.ts'
import { formatRefusal } from '../format/refusals.ts'
import { WorldNotice } from '../parts/world-notice.tsx'

type Props = {
  readonly session: SessionFace
  readonly onChoose: (role: string) => Promise<Answer<SessionFace>>
  readonly onSignOut: () => void
}

/** About one in twenty has more than one role; access follows the role that is active. */
export function RoleChoice({ session, onChoose, onSignOut }: Props) {
  const [refused, setRefused] = useState<Refused | null>(null)
  const choose = async (role: string) => {
    const answer = await onChoose(role)
    if (answer.kind === 'refused') setRefused(answer)
  }
  return (
    <main className="door">
      <section className="door__place" aria-hidden="true">
        <p className="door__mark">Arbeidsflate</p>
        <p className="door__trust">{session.trust.name}</p>
        <p className="door__words">Rollen bestemmer hvilke pasienter du får se.</p>
      </section>
      <section className="door__card">
        <WorldNotice world={session.trust.world} />
        <Heading level="1" size="medium">
          Velg rolle
        </Heading>
        <BodyShort size="small" className="door__at">
          {formatStaffName(session.person)}
        </BodyShort>
        {refused !== null && (
          <Alert variant="error" size="small" role="alert">
            {formatRefusal(refused)}
          </Alert>
        )}
        {session.roles.length === 0 ? (
          <Alert variant="warning" size="small">
            Du har ingen aktiv rolle ved {session.trust.name}. Ta kontakt med din leder.
          </Alert>
        ) : (
          <ul className="roles">
            {session.roles.map((role) => (
              <li key={role.id}>
                <button type="button" className="roles__role" onClick={() => void choose(role.id)}>
                  <span className="roles__name">{role.name}</span>
                  <span className="roles__where">{placeOf(role, session.trust.name)}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
        <Button variant="tertiary" size="small" onClick={onSignOut}>
          Logg ut
        </Button>
      </section>
    </main>
  )
}

/** Where the role is held; the trust itself stands on the page already. */
const placeOf = ({ unit, organization }: SessionFace['roles'][number], trust: string): string =>
  [unit, organization === trust && unit !== '' ? '' : organization].filter((part) => part !== '').join(' · ')
