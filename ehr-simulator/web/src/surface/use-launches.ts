import { useCallback, useEffect, useReducer, useRef } from 'react'
import type { HostClient } from '../api/client.ts'
import type { LaunchSubject } from '../api/launches.ts'
import { submitStart } from './submit-start.ts'
import { isLaunchRefused, launchOf, reduceTiles, tileOf, type TileAction, type Tiles } from './tiles.ts'

/** Opens, reloads and closes the apps of one workspace. */
export type Launches = {
  readonly tiles: Tiles
  readonly frameName: (app: string) => string
  readonly open: (app: string, about?: LaunchSubject) => void
  /** Opens the app unless it is open already, or was refused and waits for somebody to try again. */
  readonly ensure: (app: string) => void
  readonly openInWindow: (app: string, about?: LaunchSubject) => void
  readonly close: (app: string) => void
  readonly loaded: (app: string) => void
}

const NO_TILES: Tiles = new Map()

export function useLaunches(client: HostClient, workspace: string, patient: string | null): Launches {
  const [tiles, dispatch] = useReducer(reduceTiles, NO_TILES)
  const latest = useRef<Tiles>(tiles)
  const openings = useRef(0)

  // The reducer's next value is needed at once by whoever asks twice within one click.
  const act = useCallback((action: TileAction) => {
    latest.current = reduceTiles(latest.current, action)
    dispatch(action)
  }, [])
  const frameName = useCallback((app: string) => `app-${workspace}-${app}`, [workspace])
  const endLaunchOf = useCallback(
    (app: string) => {
      const launch = launchOf(tileOf(latest.current, app))
      if (launch !== undefined) void client.endLaunches({ launch })
    },
    [client],
  )

  const open = useCallback(
    (app: string, about: LaunchSubject | null = null) => {
      endLaunchOf(app)
      openings.current += 1
      const generation = openings.current
      act({ kind: 'open', app, generation, about })
      const start = async () => {
        const answer = await client.offerLaunch({ app, workspace, patient, about, ownWindow: false })
        if (answer.kind === 'refused') {
          act({ kind: 'refuse', app, generation, code: answer.code, correlation: answer.correlation })
          return
        }
        const { launch, startUrl } = answer.value
        act({ kind: 'offered', app, generation, launch, origin: new URL(startUrl).origin })
        if (launchOf(tileOf(latest.current, app)) === launch) submitStart(startUrl, frameName(app))
        else await client.endLaunches({ launch })
      }
      void start()
    },
    [act, client, endLaunchOf, frameName, patient, workspace],
  )

  const ensure = useCallback(
    (app: string) => {
      if (tileOf(latest.current, app).kind === 'idle') open(app)
    },
    [open],
  )

  const openInWindow = useCallback(
    (app: string, about: LaunchSubject | null = null) => {
      // Fetched and submitted within the click's few seconds, or the browser takes the window for an unwanted one.
      const start = async () => {
        const answer = await client.offerLaunch({ app, workspace, patient, about, ownWindow: true })
        if (answer.kind === 'answered') submitStart(answer.value.startUrl, '_blank')
        else act({ kind: 'refuse', app, generation: null, code: answer.code, correlation: answer.correlation })
      }
      void start()
    },
    [act, client, patient, workspace],
  )

  const close = useCallback(
    (app: string) => {
      endLaunchOf(app)
      act({ kind: 'close', app })
    },
    [act, endLaunchOf],
  )

  const loaded = useCallback(
    (app: string) => {
      const tile = tileOf(latest.current, app)
      if (tile.kind === 'starting') act({ kind: 'loaded', app, generation: tile.generation })
    },
    [act],
  )

  useEffect(() => {
    const hear = (event: MessageEvent) => {
      if (!isLaunchRefused(event.data)) return
      for (const [app, tile] of latest.current) {
        // Any frame can post anything: it counts only from the authorization server's page in this app's own frame.
        if (!('origin' in tile) || event.origin !== tile.origin) continue
        if (event.source !== frameWindow(frameName(app))) continue
        endLaunchOf(app)
        act({ kind: 'blocked', app })
      }
    }
    window.addEventListener('message', hear)
    return () => window.removeEventListener('message', hear)
  }, [act, endLaunchOf, frameName])

  return { tiles, frameName, open, ensure, openInWindow, close, loaded }
}

function frameWindow(name: string): Window | null {
  const frame = [...document.querySelectorAll('iframe')].find((candidate) => candidate.name === name)
  return frame?.contentWindow ?? null
}
