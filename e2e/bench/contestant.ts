import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { freePorts } from '../../scripts/demo-ports.ts'
import type { startWorld, World } from '../../scripts/world.ts'
import { type Addresses, addressesOf } from '../lib/addresses.ts'

/** One state of the source code with its own running world. */
export type Contestant = {
  readonly name: string
  readonly root: string
  readonly data: string
  readonly addresses: Addresses
  readonly pids: World['pids']
  readonly startUpSeconds: number
  readonly stop: () => Promise<void>
}

/** Starts the world of the source code at `root`, on disk, by that source code's own program. */
export async function enter(name: string, root: string): Promise<Contestant> {
  const program = pathToFileURL(join(root, 'scripts', 'world.ts')).href
  const own = (await import(program)) as { readonly startWorld: typeof startWorld } // the same file, perhaps of another commit
  const data = mkdtempSync(join(tmpdir(), 'uthopp-bench-'))
  const started = performance.now()
  const world = await own.startWorld({ ports: await freePorts(), data })
  return {
    name,
    root,
    data,
    addresses: addressesOf(world.ports),
    pids: world.pids,
    startUpSeconds: (performance.now() - started) / 1000,
    async stop() {
      await world.stop()
      rmSync(data, { recursive: true, force: true })
    },
  }
}
