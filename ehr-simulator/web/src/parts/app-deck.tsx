import { Button, Heading } from '@navikt/ds-react'
import { useEffect } from 'react'
import type { AppFace } from '../api/session.ts'
import type { PatientView } from '../surface/address.ts'
import { tileOf } from '../surface/tiles.ts'
import type { Launches } from '../surface/use-launches.ts'
import { AppTile } from './app-tile.tsx'

type Props = {
  readonly apps: readonly AppFace[]
  readonly launches: Launches
  readonly view: PatientView | null
  readonly onEnlarge: (app: string) => void
  /** Why no app can be opened now; null: they can. */
  readonly withheld: string | null
}

/**
 * Every app of one patient, as a grid of tiles or one of them large.
 *
 * Frames stay where they are in the document and only change size: moving one would restart its app.
 */
export function AppDeck({ apps, launches, view, onEnlarge, withheld }: Props) {
  const large = view?.kind === 'app' ? view.app : null
  const shown = large !== null || (view?.kind === 'chart' && view.page === 'apper')
  const { ensure, open, tiles } = launches
  const idle = apps.filter((app) => tileOf(tiles, app.id).kind === 'idle')
  useEffect(() => {
    if (withheld === null && large !== null && apps.some(({ id }) => id === large)) ensure(large)
  }, [apps, ensure, large, withheld])
  return (
    <div className={`deck ${large === null ? 'deck--grid' : 'deck--single'}`} hidden={!shown}>
      {large === null && (
        <div className="deck__head">
          <Heading level="2" size="xsmall">
            Apper for denne pasienten
          </Heading>
          <Button
            size="xsmall"
            variant="secondary"
            disabled={idle.length === 0 || withheld !== null}
            onClick={() => {
              for (const app of idle) open(app.id)
            }}
          >
            Åpne alle
          </Button>
          <Button
            size="xsmall"
            variant="tertiary"
            disabled={idle.length === apps.length}
            onClick={() => {
              for (const app of apps) launches.close(app.id)
            }}
          >
            Lukk alle
          </Button>
        </div>
      )}
      <div className="deck__tiles">
        {apps.map((app) => (
          <AppTile
            key={app.id}
            app={app}
            title={app.name}
            tile={tileOf(tiles, app.id)}
            launches={launches}
            withheld={withheld}
            large={large === app.id}
            hidden={large !== null && large !== app.id}
            onEnlarge={() => onEnlarge(app.id)}
          />
        ))}
      </div>
    </div>
  )
}
