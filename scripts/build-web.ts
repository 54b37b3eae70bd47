import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { APP_IDS } from './demo-ports.ts'

const ROOT = join(import.meta.dirname, '..')

/** Every folder that Vite turns into files for a browser. */
const WEB_WORKSPACES = ['ehr-simulator/web', 'launcher/web', ...APP_IDS.map((id) => `sample-apps/${id}`)]

/** Builds what changed since it was last built; two at a time, since every machine has two cores. */
export async function buildWeb(say: (line: string) => void): Promise<void> {
  const stale = WEB_WORKSPACES.filter((workspace) => readStamp(workspace) !== fingerprint(workspace))
  if (stale.length === 0) return
  say(`building ${stale.length} browser bundle(s); the next start skips this`)
  const queue = [...stale]
  const worker = async () => {
    for (let workspace = queue.shift(); workspace !== undefined; workspace = queue.shift()) {
      const started = performance.now()
      await viteBuild(workspace)
      writeFileSync(stampOf(workspace), fingerprint(workspace))
      say(`  ${workspace} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
    }
  }
  await Promise.all([worker(), worker()])
}

const stampOf = (workspace: string) => join(ROOT, workspace, 'dist', '.built')

function readStamp(workspace: string): string | undefined {
  return existsSync(stampOf(workspace)) ? readFileSync(stampOf(workspace), 'utf8') : undefined
}

/** What the bundle is made of: its own sources, the pure package the webs share, and the locked dependencies. */
function fingerprint(workspace: string): string {
  const hash = createHash('sha256')
  for (const folder of [workspace, 'packages/smart-core/src']) {
    for (const file of filesUnder(join(ROOT, folder))) hash.update(file.slice(ROOT.length)).update(readFileSync(file))
  }
  return hash.update(readFileSync(join(ROOT, 'package-lock.json'))).digest('hex')
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !['dist', 'node_modules', 'test', '.vite'].includes(entry.name))
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort()
}

function viteBuild(workspace: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js')
    const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
      cwd: join(ROOT, workspace),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk))
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`${workspace} does not build:\n${Buffer.concat(output).toString()}`))
    })
  })
}

if (import.meta.main) await buildWeb((line) => console.log(line))
