import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..')

function run(program: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' })
  if (status === 0) return stdout.trim()
  const reason =
    error?.message ?? stderr.split('\n').findLast((line) => /error|fatal/i.test(line)) ?? `status ${status}`
  throw new Error(`${program} ${args[0]}: ${reason.trim()}`)
}

export const describeTree = (root = ROOT): string => run('git', ['describe', '--always', '--dirty'], root)

/** A commit checked out in a folder of its own, with the packages its own lockfile names. */
export type CheckedOut = { readonly root: string; readonly remove: () => void }

/** Takes the packages from npm's cache where it has them, so that a second run needs no network. */
export function checkOut(commit: string): CheckedOut {
  const folder = mkdtempSync(join(tmpdir(), 'uthopp-against-'))
  const root = join(folder, 'tree')
  run('git', ['worktree', 'prune'], ROOT)
  run('git', ['worktree', 'add', '--detach', root, commit], ROOT)
  const remove = () => {
    rmSync(folder, { recursive: true, force: true })
    run('git', ['worktree', 'prune'], ROOT)
  }
  try {
    run('npm', ['ci', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'], root)
  } catch (cause) {
    remove()
    throw new Error('the packages of the other commit are not all in npm’s cache, and no registry answered', { cause })
  }
  return { root, remove }
}
