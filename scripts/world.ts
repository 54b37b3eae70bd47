import { spawn, type ChildProcess } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { demoDeployment } from './demo-deployment.ts'
import { PORT_VARIABLES, portIsFree, type DemoPorts } from './demo-ports.ts'
import { markRunning, runningIn } from './running-mark.ts'

const ROOT = join(import.meta.dirname, '..')
const READY_WITHIN_MS = 120_000

/** Every process of the demo world, in the order they are started; each waits for nobody but answers "not ready" until it is. */
const PROCESSES = [
  ['auth', 'auth-server/src/main.ts'],
  ['host', 'ehr-simulator/server/src/main.ts'],
  ['gateway', 'packages/fhir-gateway/src/main.ts'],
  ['launcher', 'launcher/server/src/main.ts'],
  ['apps', 'scripts/serve-apps.ts'],
] as const

type ProcessName = (typeof PROCESSES)[number][0]

export type WorldOptions = {
  readonly ports: DemoPorts
  /** Absent: nothing is kept after the world ends. */
  readonly data?: string
  readonly appHost?: 'localhost' | '127.0.0.1'
  readonly databaseUrl?: string
  /** How far every trust acts on what policy decides; absent, all the way. */
  readonly policy?: 'enforce' | 'log-only' | 'off'
  /** Decision points that are elsewhere, by the number of the trust; absent, each process decides for itself. */
  readonly pdps?: Readonly<Record<string, string>>
}

/** A running world. Addresses are origins; `logs` is the folder with one file a process. */
export type World = {
  readonly ports: DemoPorts
  readonly logs: string
  readonly pids: Readonly<Record<ProcessName, number>>
  /** Answers which process ended by itself, and how; never while all of them run. */
  readonly broken: Promise<string>
  stop(): Promise<void>
}

/** A start that cannot succeed, said in one line a person can act on. */
export class WorldProblem extends Error {
  override readonly name = 'WorldProblem'
}

/** Starts every process on loopback and answers when all are ready; a process that dies takes the start with it. */
export async function startWorld(options: WorldOptions): Promise<World> {
  await requireFreePorts(options.ports)
  const scratch = options.data === undefined ? mkdtempSync(join(tmpdir(), 'uthopp-')) : undefined
  const folder = resolve(options.data ?? scratch ?? '.data')
  const logs = join(folder, 'logs')
  try {
    mkdirSync(logs, { recursive: true })
  } catch {
    throw new WorldProblem(`UTHOPP_DATA: \`${folder}\` is not a folder that can be written to`)
  }
  const other = runningIn(folder)
  if (other !== undefined)
    throw new WorldProblem(`UTHOPP_DATA: a world is running from \`${folder}\` already (process ${other})`)
  const unmark = markRunning(folder)
  const deployment = join(folder, 'deployment.json')
  const described = demoDeployment(options.ports, options.appHost, options.policy, options.pdps)
  writeFileSync(deployment, `${JSON.stringify(described, undefined, 2)}\n`)

  const environment = {
    ...process.env,
    UTHOPP_DEPLOYMENT: deployment,
    UTHOPP_STORAGE: options.data === undefined ? 'memory' : 'disk',
    UTHOPP_DATA: folder,
    ...(options.databaseUrl === undefined ? {} : { UTHOPP_DATABASE: options.databaseUrl }),
  }
  const children = new Map<ProcessName, ChildProcess>()
  for (const [name, main] of PROCESSES) children.set(name, startProcess(name, join(ROOT, main), environment, logs))

  const stop = async () => {
    await Promise.all([...children.values()].map((child) => endProcess(child)))
    unmark()
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true })
  }
  try {
    await Promise.all([...children].map(([name, child]) => untilReady(name, child, portOf(options.ports, name), logs)))
  } catch (error) {
    await stop()
    throw error
  }
  const pids = Object.fromEntries([...children].map(([name, child]) => [name, child.pid ?? 0]))
  const broken = Promise.race([...children].map(([name, child]) => untilGone(name, child, logs)))
  return { ports: options.ports, logs, pids: pids as World['pids'], broken, stop } // PROCESSES named every member
}

async function requireFreePorts(ports: DemoPorts): Promise<void> {
  const wanted = (['launcher', 'host', 'auth', 'gateway'] as const).map((name) => ({
    name,
    variable: PORT_VARIABLES[name][0],
    port: ports[name],
  }))
  const apps = ports.apps.map((port) => ({ name: 'apps', variable: PORT_VARIABLES.apps[0], port }))
  const checked = await Promise.all(
    [...wanted, ...apps].map(async (entry) => ({ ...entry, free: await portIsFree(entry.port) })),
  )
  const taken = checked
    .filter(({ free }) => !free)
    .map(({ name, port, variable }) => `${name}: port ${port} is taken; set ${variable} to another`)
  if (taken.length > 0) throw new WorldProblem(taken.join('\n'))
}

/**
 * Requests make many small objects that die at once. With the few megabytes Node gives them by default, collecting them
 * takes a twentieth of a server's time (`npm run bench`); a process takes up to 100 MB more for it.
 */
const NODE_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=32']

function startProcess(name: ProcessName, main: string, environment: NodeJS.ProcessEnv, logs: string): ChildProcess {
  const child = spawn(process.execPath, [...NODE_FLAGS, main], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const file = createWriteStream(join(logs, `${name}.log`), { flags: 'a' })
  child.stdout.pipe(file, { end: false })
  child.stderr.pipe(file, { end: false })
  return child
}

async function untilReady(name: ProcessName, child: ChildProcess, port: number, logs: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS
  let reason = 'no answer'
  while (Date.now() < deadline) {
    if (child.exitCode !== null)
      throw new WorldProblem(`${name} ended with code ${child.exitCode}\n${lastLines(join(logs, `${name}.log`))}`)
    try {
      const answer = await fetch(`http://localhost:${port}/health/ready`, { signal: AbortSignal.timeout(2000) })
      if (answer.ok) return
      reason = (await answer.text()).slice(0, 200)
    } catch {
      reason = 'no answer'
    }
    await new Promise((again) => setTimeout(again, 100))
  }
  throw new WorldProblem(
    `${name} was not ready within ${READY_WITHIN_MS / 1000} s: ${reason}\n${lastLines(join(logs, `${name}.log`))}`,
  )
}

function untilGone(name: ProcessName, child: ChildProcess, logs: string): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) =>
      resolve(`${name} ended (${signal ?? `code ${code}`})\n${lastLines(join(logs, `${name}.log`))}`),
    )
  })
}

function portOf(ports: DemoPorts, name: ProcessName): number {
  return name === 'apps' ? (ports.apps[0] ?? 0) : ports[name]
}

function lastLines(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-12).join('\n') : ''
}

/** Asks first; a process that has not gone within eight seconds is ended. */
async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const insist = setTimeout(() => child.kill('SIGKILL'), 8000)
  await gone
  clearTimeout(insist)
}
