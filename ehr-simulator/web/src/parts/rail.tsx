import { PersonGroupIcon } from '@navikt/aksel-icons'
import type { AppFace } from '../api/session.ts'
import { formatAddress, type Address } from '../surface/address.ts'
import { unitNameOf } from '../surface/apps.ts'
import { AppIcon } from './app-icon.tsx'

/** Ways to the unit's own pages; the current one is marked for everybody. */
export function Rail({ address, unitApps }: { readonly address: Address; readonly unitApps: readonly AppFace[] }) {
  return (
    <nav className="rail" aria-label="Hovedmeny">
      <a
        href={formatAddress({ kind: 'list' })}
        className="rail__item"
        aria-current={address.kind === 'list' ? 'page' : undefined}
      >
        <PersonGroupIcon aria-hidden fontSize="1.5rem" />
        <span>Pasienter</span>
      </a>
      {unitApps.map((app) => (
        <a
          key={app.id}
          href={formatAddress({ kind: 'unit', app: app.id })}
          className="rail__item"
          aria-current={address.kind === 'unit' && address.app === app.id ? 'page' : undefined}
        >
          <AppIcon app={app.id} size="1.5rem" />
          <span>{unitNameOf(app)}</span>
        </a>
      ))}
    </nav>
  )
}
