import type { LaunchSubject } from '../api/launches.ts'

/**
 * The life of one app's frame in one workspace.
 *
 * `generation` counts openings: an offer that comes back after its tile was closed or opened again belongs to nobody.
 */
export type Tile =
  | { readonly kind: 'idle' }
  | { readonly kind: 'offering'; readonly generation: number; readonly about: LaunchSubject | null }
  | {
      readonly kind: 'starting' | 'running'
      readonly generation: number
      readonly launch: string
      readonly origin: string
    }
  | { readonly kind: 'refused'; readonly code: string; readonly correlation: string | null }
  /** The browser would not keep the launch's proof in a frame; only an own window can help. */
  | { readonly kind: 'blocked' }

export type Tiles = ReadonlyMap<string, Tile>

export type TileAction =
  | { readonly kind: 'open'; readonly app: string; readonly generation: number; readonly about: LaunchSubject | null }
  | {
      readonly kind: 'offered'
      readonly app: string
      readonly generation: number
      readonly launch: string
      readonly origin: string
    }
  | {
      readonly kind: 'refuse'
      readonly app: string
      readonly generation: number | null
      readonly code: string
      readonly correlation: string | null
    }
  | { readonly kind: 'loaded'; readonly app: string; readonly generation: number }
  | { readonly kind: 'blocked'; readonly app: string }
  | { readonly kind: 'close'; readonly app: string }

const IDLE: Tile = { kind: 'idle' }

export const tileOf = (tiles: Tiles, app: string): Tile => tiles.get(app) ?? IDLE

export function reduceTiles(tiles: Tiles, action: TileAction): Tiles {
  const tile = tileOf(tiles, action.app)
  const become = (next: Tile): Tiles => new Map(tiles).set(action.app, next)
  switch (action.kind) {
    case 'open':
      return become({ kind: 'offering', generation: action.generation, about: action.about })
    case 'offered':
      if (tile.kind !== 'offering' || tile.generation !== action.generation) return tiles
      return become({ kind: 'starting', generation: action.generation, launch: action.launch, origin: action.origin })
    case 'refuse':
      if (action.generation !== null && !('generation' in tile && tile.generation === action.generation)) return tiles
      return become({ kind: 'refused', code: action.code, correlation: action.correlation })
    case 'loaded':
      if (tile.kind !== 'starting' || tile.generation !== action.generation) return tiles
      return become({ ...tile, kind: 'running' })
    case 'blocked':
      return tile.kind === 'starting' || tile.kind === 'running' ? become({ kind: 'blocked' }) : tiles
    case 'close':
      return become(IDLE)
  }
}

/** The launch a tile holds, which ends when the tile is closed, opened again or refused. */
export const launchOf = (tile: Tile): string | undefined => ('launch' in tile ? tile.launch : undefined)

/** The message a refusal page posts to the frame's parent (launch binding: the browser kept no proof). */
export function isLaunchRefused(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'uthopp:launch-refused'
}
