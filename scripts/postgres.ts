import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from './demo-ports.ts'

/** A private cluster of our own, on loopback, gone when stopped. */
export type PrivatePostgres = { readonly url: string; stop(): void }

/** The folder with `initdb` and `pg_ctl`, where a PostgreSQL server is installed at all. */
function binariesFolder(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const found = versions
    .map((version) => join(debian, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')))
  if (found !== undefined) return found
  const onPath = spawnSync('sh', ['-c', 'command -v initdb'], { encoding: 'utf8' }).stdout.trim()
  return onPath === '' ? undefined : join(onPath, '..')
}

/** Starts a cluster as an ordinary user (PostgreSQL refuses root); undefined where no server is installed. */
export async function startPrivatePostgres(): Promise<PrivatePostgres | undefined> {
  const binaries = binariesFolder()
  if (binaries === undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'uthopp-pg-'))
  const port = (await freePorts()).auth
  const user = process.getuid?.() === 0 ? 'postgres' : undefined
  if (user !== undefined) spawnSync('chown', [user, folder])
  const run = (command: string, args: readonly string[]) => {
    const [program, ...rest] =
      user === undefined
        ? [join(binaries, command), ...args]
        : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', join(binaries, command), ...args]
    const result = spawnSync(program ?? '', rest, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    if (result.status !== 0)
      throw new Error(`${command} failed: ${result.stderr || result.stdout || result.error?.message}`)
  }
  const data = join(folder, 'data')
  run('initdb', ['-D', data, '-U', 'uthopp', '--auth=trust', '-E', 'UTF8', '--no-sync'])
  const settings = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=${folder} -c fsync=off -c max_connections=200`
  run('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'log'), '-o', settings, 'start'])
  return {
    url: `postgres://uthopp@127.0.0.1:${port}/postgres`,
    stop() {
      run('pg_ctl', ['-D', data, '-m', 'immediate', 'stop'])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
