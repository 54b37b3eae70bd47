import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { freePorts } from '../../scripts/demo-ports.ts'
import type { startWorld, World } from '../../scripts/world.ts'
import { type Addresses, addressesOf } from '../lib/addresses.ts'

/** One state of the source code with its own running world. */
export type Contestant = {
  /** The commit, and what its world does with policy. */
  readonly name: string
  readonly root: string
  readonly data: string
  readonly addresses: Addresses
  readonly pids: World['pids']
  readonly startUpSeconds: number
  readonly stop: () => Promise<void>
}

/** Starts the world of the source code at `root`, on disk, by that source code's own program. */
export async function enter(commit: string, root: string, policy: 'enforce' | 'off'): Promise<Contestant> {
  const program = pathToFileURL(join(root, 'scripts', 'world.ts')).href
  const own = (await import(program)) as { readonly startWorld: typeof startWorld } // the same file, perhaps of another commit
  const data = mkdtempSync(join(tmpdir(), 'uthopp-bench-'))
  const started = performance.now()
  // A commit from before stages could be set takes no notice of it; what its world does then is in its deployment.
  const world = await own.startWorld({ ports: await freePorts(), data, policy })
  return {
    name: `${commit} ${policyIn(data)}`,
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

type Described = { readonly trusts?: readonly { readonly policy?: { readonly gateway?: string } }[] }

function policyIn(data: string): string {
  const { trusts } = JSON.parse(readFileSync(join(data, 'deployment.json'), 'utf8')) as Described // ours, of whatever commit
  const stage = trusts?.[0]?.policy?.gateway
  return stage === undefined ? '(policy not set)' : `(policy ${stage})`
}
