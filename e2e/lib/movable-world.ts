import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '../../scripts/demo-ports.ts'
import { startWorld, type World } from '../../scripts/world.ts'

export type MovableWorld = World & {
  /** Lets so many minutes pass for every process at once. */
  readonly pass: (minutes: number) => void
}

/** A world of its own, in which an hour need not last one. */
export async function startMovableWorld(): Promise<MovableWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'uthopp-clock-'))
  const file = join(folder, 'ahead')
  let ahead = 0
  const pass = (minutes: number) => {
    ahead += minutes * 60_000
    // Never read half written.
    writeFileSync(`${file}.next`, String(ahead))
    renameSync(`${file}.next`, file)
  }
  pass(0)
  const environment = {
    NODE_OPTIONS: `--import=${new URL('moved-clock.ts', import.meta.url).href}`,
    UTHOPP_E2E_CLOCK: file,
  }
  const before = Object.keys(environment).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, environment)
  try {
    const world = await startWorld({ ports: await freePorts() })
    const stop = async () => {
      await world.stop()
      rmSync(folder, { recursive: true, force: true })
    }
    return { ...world, pass, stop }
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name)
      else process.env[name] = value
    }
  }
}
