import { type FSWatcher, watch } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'

/** An editor writes a file in several steps; what lies between them is not a rule book. */
const DEBOUNCE_MS = 150
/** How often is looked whether the path still leads to the folder that is watched. */
const LOOK_MS = 1000

/**
 * Tells of every change in a folder, also when another takes its place under the same path.
 *
 * A watcher follows the folder, not the path: where rules are rolled out by renaming or by a symbolic link it would watch
 * the old ones for ever.
 */
export function watchRules(path: string, onChange: () => void): { readonly close: () => void } {
  let watcher: FSWatcher | undefined
  let debounce: NodeJS.Timeout | undefined
  let looking: NodeJS.Timeout | undefined
  let watched: string | undefined
  let closed = false

  const changed = (): void => {
    clearTimeout(debounce)
    if (!closed) debounce = setTimeout(onChange, DEBOUNCE_MS).unref()
  }

  function follow(): void {
    watcher?.close()
    watcher = undefined
    try {
      watcher = watch(path, { persistent: false }, changed)
      watcher.on('error', () => {
        watcher = undefined
        watched = undefined
      })
    } catch {
      watched = undefined // the next look tries again
    }
  }

  async function look(): Promise<void> {
    const found = await identityOf(path)
    if (closed || found === watched) return
    // The watcher of the very start is one of this folder, and its rules are being read already.
    const known = watched === undefined && watcher !== undefined
    watched = found
    if (known) return
    follow()
    changed()
  }

  const again = (): void => {
    if (!closed) looking = setTimeout(() => void look().finally(again), LOOK_MS).unref()
  }
  // From the very start, so that nothing changes unseen between the first reading and the first look.
  follow()
  void look().finally(again)
  return {
    close: () => {
      closed = true
      clearTimeout(debounce)
      clearTimeout(looking)
      watcher?.close()
    },
  }
}

/** What the path leads to now; undefined where it leads nowhere. */
async function identityOf(path: string): Promise<string | undefined> {
  try {
    const [real, { dev, ino }] = await Promise.all([realpath(path), stat(path, { bigint: true })])
    return `${real} ${dev} ${ino}`
  } catch {
    return undefined
  }
}
