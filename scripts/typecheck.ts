import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { dirname, join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

/** Runs the compiler over every tsconfig of the repository; answers the folders that failed. */
export function typecheck(): readonly string[] {
  const projects = globSync('**/tsconfig.json', {
    cwd: ROOT,
    exclude: (name) => name.includes('node_modules') || name.includes('dist'),
  })
    .map((file) => dirname(file))
    .sort()
  return projects.filter((project) => {
    const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
    if (!existsSync(compiler)) throw new Error('typescript is not installed: run `npm ci`')
    const run = spawnSync(process.execPath, [compiler, '-p', project, '--pretty', 'false'], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    if (run.status !== 0) console.error(`${project}\n${run.stdout}${run.stderr}`)
    return run.status !== 0
  })
}

if (import.meta.main) {
  const failed = typecheck()
  if (failed.length > 0) process.exit(1)
  console.log('types: no problems')
}
