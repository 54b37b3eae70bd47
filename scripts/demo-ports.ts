import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** The listening ports of one world; apps stand in the order of `APP_IDS`. */
export type DemoPorts = {
  readonly launcher: number
  readonly host: number
  readonly auth: number
  readonly gateway: number
  readonly apps: readonly number[]
}

export const APP_IDS = [
  'pacs-viewer',
  'nutrition',
  'bliksund-live',
  'multimonitor',
  'orders-results',
  'mypath',
] as const

/** Which environment variable moves which port; the first of six consecutive ones for the apps. */
export const PORT_VARIABLES = {
  launcher: ['LAUNCHER_PORT', 4200],
  host: ['HOST_PORT', 4300],
  auth: ['AUTH_PORT', 4400],
  gateway: ['GATEWAY_PORT', 4500],
  apps: ['APPS_PORT', 4101],
} as const

/** Reads the ports from the environment, or lists every problem there is. */
export function portsFrom(environment: NodeJS.ProcessEnv): DemoPorts | readonly string[] {
  const problems: string[] = []
  const read = (name: keyof typeof PORT_VARIABLES): number => {
    const [variable, fallback] = PORT_VARIABLES[name]
    const text = environment[variable]
    if (text === undefined || text === '') return fallback
    const port = Number(text)
    const last = name === 'apps' ? 65_535 - (APP_IDS.length - 1) : 65_535
    if (!Number.isInteger(port) || port < 1 || port > last)
      problems.push(`${variable}: \`${text}\` is not a port from 1 to ${last}`)
    return port
  }
  const first = read('apps')
  const ports: DemoPorts = {
    launcher: read('launcher'),
    host: read('host'),
    auth: read('auth'),
    gateway: read('gateway'),
    apps: APP_IDS.map((_, index) => first + index),
  }
  const taken = new Map<number, string>()
  for (const name of ['launcher', 'host', 'auth', 'gateway', 'apps'] as const) {
    for (const port of [ports[name]].flat()) {
      const other = taken.get(port)
      if (other !== undefined) problems.push(`${PORT_VARIABLES[name][0]}: port ${port} is already the one of ${other}`)
      taken.set(port, name)
    }
  }
  return problems.length > 0 ? problems : ports
}

/** True when nobody listens on the port of either loopback address. */
export async function portIsFree(port: number): Promise<boolean> {
  return (await bindable(port, '127.0.0.1')) && (await bindable(port, '::1'))
}

/** Below what systems give to connections by themselves, which would take a port between our finding it and using it. */
const [LOWEST, HIGHEST] = [20_000, 32_000]

/** Ten ports that were free a moment ago: for tests, which must not meet a running demo world. */
export async function freePorts(): Promise<DemoPorts> {
  const numbers = new Set<number>()
  for (let attempt = 0; numbers.size < 10 && attempt < 200; attempt += 1) {
    const port = randomInt(LOWEST, HIGHEST)
    if (await portIsFree(port)) numbers.add(port)
  }
  const [launcher = 0, host = 0, auth = 0, gateway = 0, ...apps] = numbers
  return { launcher, host, auth, gateway, apps }
}

function bindable(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT'),
    )
    probe.listen(port, host, () => probe.close(() => resolve(true)))
  })
}
