import { LeaveIcon, PersonRectangleIcon } from '@navikt/aksel-icons'
import type { RoleFace, SessionFace } from '../api/session.ts'
import { formatRole, formatStaffName } from '../format/patient-line.ts'
import { WorldNotice } from '../parts/world-notice.tsx'

type Props = {
  readonly session: SessionFace
  readonly role: RoleFace
  readonly onChangeRole: () => void
  readonly onSignOut: () => void
}

export function TopBar({ session, role, onChangeRole, onSignOut }: Props) {
  return (
    <header className="top">
      <span className="top__trust">{session.trust.name}</span>
      <WorldNotice world={session.trust.world} />
      <span className="top__person">
        <span className="top__name">{formatStaffName(session.person)}</span>
        <span className="top__role">Rolle: {formatRole(role)}</span>
      </span>
      {!session.onlyRole && (
        <button type="button" className="top__action" onClick={onChangeRole}>
          <PersonRectangleIcon aria-hidden fontSize="1.2rem" />
          Bytt rolle
        </button>
      )}
      <button type="button" className="top__action" onClick={onSignOut}>
        <LeaveIcon aria-hidden fontSize="1.2rem" />
        Logg ut
      </button>
    </header>
  )
}
