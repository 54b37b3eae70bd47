import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const markIn = (data: string) => join(data, 'running.pid')

/** Says in the data folder that a world lives from it, so that nobody removes it underneath. */
export function markRunning(data: string): () => void {
  writeFileSync(markIn(data), String(process.pid))
  return () => rmSync(markIn(data), { force: true })
}

/** The process whose world lives from the folder now, or undefined; a mark left by a killed process counts for nothing. */
export function runningIn(data: string): number | undefined {
  if (!existsSync(markIn(data))) return undefined
  const pid = Number(readFileSync(markIn(data), 'utf8'))
  try {
    process.kill(pid, 0)
    return pid
  } catch {
    return undefined
  }
}
