import { appendFile, readFile } from 'node:fs/promises'
import { integer, readMembers, text } from '@uthopp/server-kit/members'
import { isProblem } from '@uthopp/smart-core/problem'
import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Witness } from './verify.ts'

/**
 * Writes down where every chain stands now, in a file beside the database, one JSON object a line.
 *
 * Whoever rewrites a chain in the database and computes every hash anew has to rewrite this file too: keep it, or copies of it,
 * where such a person cannot write.
 */
export async function writeWitnesses(db: Database, file: string, now: Date): Promise<void> {
  const heads = await db.acrossTenants.all<Witness>(
    sql`select tenant, sequence, hash from audit_head where sequence > 0 order by tenant`,
  )
  const known = new Set((await readWitnesses(file)).map(({ tenant, sequence }) => `${tenant} ${sequence}`))
  const lines = heads
    .filter(({ tenant, sequence }) => !known.has(`${tenant} ${sequence}`))
    .map(({ tenant, sequence, hash }) => `${JSON.stringify({ tenant, sequence, hash, at: now.toISOString() })}\n`)
  if (lines.length > 0) await appendFile(file, lines.join(''), { mode: 0o600, flush: true })
}

/** No file means that nothing was written down yet; a line that cannot be read is a fault of its own. */
export async function readWitnesses(file: string): Promise<readonly Witness[]> {
  const content = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  })
  return content
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const read = readMembers(JSON.parse(line), {
        required: { tenant: text, sequence: integer, hash: text, at: text },
      })
      if (isProblem(read)) throw new Error(`a line of the heads written down cannot be read: ${read.reason}`)
      return read
    })
}
