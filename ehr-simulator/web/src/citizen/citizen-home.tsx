import { LeaveIcon } from '@navikt/aksel-icons'
import { useSyncExternalStore } from 'react'
import { WorldNotice } from '../parts/world-notice.tsx'
import type { CitizenClient, CitizenSession } from './api.ts'
import { AccessLog } from './access-log.tsx'
import { Blocks } from './blocks.tsx'

type Props = { readonly client: CitizenClient; readonly session: CitizenSession; readonly onSignOut: () => void }

const subscribe = (changed: () => void) => {
  window.addEventListener('hashchange', changed)
  return () => window.removeEventListener('hashchange', changed)
}

const PAGES = [
  { place: '#/innsyn', name: 'Hvem har sett i journalen din' },
  { place: '#/sperringer', name: 'Sperringer' },
] as const

export function CitizenHome({ client, session, onSignOut }: Props) {
  const fragment = useSyncExternalStore(subscribe, () => window.location.hash)
  const page = fragment === '#/sperringer' ? fragment : '#/innsyn'
  return (
    <div className="citizen">
      <header className="citizen__top">
        <span className="citizen__trust">{session.trust.name}</span>
        <WorldNotice world={session.trust.world} />
        <span className="citizen__name">{session.name}</span>
        <button type="button" className="top__action" onClick={onSignOut}>
          <LeaveIcon aria-hidden fontSize="1.2rem" />
          Logg ut
        </button>
      </header>
      <nav className="citizen__pages" aria-label="Sider">
        {PAGES.map(({ place, name }) => (
          <a key={place} href={place} aria-current={place === page ? 'page' : undefined}>
            {name}
          </a>
        ))}
      </nav>
      <main className="citizen__main">
        {page === '#/sperringer' ? <Blocks client={client} /> : <AccessLog client={client} />}
      </main>
    </div>
  )
}
