import { hash } from 'node:crypto'

/** RFC 6585 §4: how long a caller is asked to wait. */
export type Wait = { readonly seconds: number }

const WINDOW_MS = 60_000
const MOST_KEYS = 10_000

type Window = { count: number; readonly endsAt: number }

/**
 * Counts things a minute at a time, each key for itself.
 *
 * Bounded: past `mostKeys` the oldest window is forgotten, so a flood of keys loosens a limit and never tightens one.
 */
export function createWindows(options: {
  readonly perMinute: number
  readonly now: () => Date
  readonly mostKeys?: number
}) {
  const { perMinute, now, mostKeys = MOST_KEYS } = options
  const windows = new Map<string, Window>()
  // Keys are made of what callers send, which may be long and is nobody's to keep.
  const nameOf = (key: string): string => hash('sha256', key, 'base64url')

  function current(name: string): Window | undefined {
    const window = windows.get(name)
    if (window === undefined || window.endsAt > now().getTime()) return window
    windows.delete(name)
    return undefined
  }

  return {
    /** Undefined while there is room. */
    waitOf(key: string): Wait | undefined {
      const window = current(nameOf(key))
      if (window === undefined || window.count < perMinute) return undefined
      return { seconds: Math.max(1, Math.ceil((window.endsAt - now().getTime()) / 1000)) }
    },
    /** True for the one that fills the window, so that it can be told once. */
    count(key: string): boolean {
      const name = nameOf(key)
      const window = current(name)
      if (window !== undefined) return ++window.count === perMinute
      const oldest = windows.size >= mostKeys ? windows.keys().next().value : undefined
      if (oldest !== undefined) windows.delete(oldest)
      windows.set(name, { count: 1, endsAt: now().getTime() + WINDOW_MS })
      return perMinute === 1
    },
  }
}
