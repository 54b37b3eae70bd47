import { useEffect } from 'react'
import type { HostClient } from '../api/client.ts'
import type { AppFace } from '../api/session.ts'
import { AppTile } from '../parts/app-tile.tsx'
import { unitNameOf } from '../surface/apps.ts'
import { tileOf } from '../surface/tiles.ts'
import { useLaunches } from '../surface/use-launches.ts'

type Props = {
  readonly app: AppFace
  readonly client: HostClient
  readonly workspace: string
  readonly unit: string
}

/** An app opened for the whole unit, without a patient. */
export function UnitApp({ app, client, workspace, unit }: Props) {
  const launches = useLaunches(client, workspace, null)
  const { ensure } = launches
  useEffect(() => ensure(app.id), [app.id, ensure])
  return (
    <div className="unit-app">
      <AppTile
        app={app}
        title={[unitNameOf(app), unit].filter((part) => part !== '').join(' – ')}
        tile={tileOf(launches.tiles, app.id)}
        launches={launches}
        large
      />
    </div>
  )
}
