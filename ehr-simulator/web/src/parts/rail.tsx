import { MagnifyingGlassIcon, PersonGroupIcon, TasklistIcon } from '@navikt/aksel-icons'
import type { AppFace } from '../api/session.ts'
import { formatAddress, type Address } from '../surface/address.ts'
import { unitNameOf } from '../surface/apps.ts'
import { AppIcon } from './app-icon.tsx'

type Props = {
  readonly address: Address
  readonly unitApps: readonly AppFace[]
  /** A leader's own page. */
  readonly controls: boolean
}

/** Ways to the unit's own pages; the current one is marked for everybody. */
export function Rail({ address, unitApps, controls }: Props) {
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
      <a
        href={formatAddress({ kind: 'find' })}
        className="rail__item"
        aria-current={address.kind === 'find' ? 'page' : undefined}
      >
        <MagnifyingGlassIcon aria-hidden fontSize="1.5rem" />
        <span>Finn pasient</span>
      </a>
      {controls && (
        <a
          href={formatAddress({ kind: 'control' })}
          className="rail__item"
          aria-current={address.kind === 'control' ? 'page' : undefined}
        >
          <TasklistIcon aria-hidden fontSize="1.5rem" />
          <span>Kontrolliste</span>
        </a>
      )}
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
