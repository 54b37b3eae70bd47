import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import { continueHeads, type HeadsDeps } from './continue-heads.ts'
import { formatHeadLine, hashOfLine } from './head-line.ts'
import { countKnownHeads, type KnownHeads } from './heads-known.ts'

const EVERY_RECORDS = 100
const EVERY_MS = 60_000

type HeadRow = {
  readonly tenant: string
  readonly sequence: number
  readonly hash: string
  readonly anchor_sequence: number
  readonly anchor_hash: string
  readonly at: number | null
}

export type HeadsWriter = {
  /**
   * Writes down the chains that have moved by a hundred records, or have moved and were not written down for a minute; `all`
   * that have moved, at an orderly stop. What it resolves for is durable.
   */
  readonly write: (which: 'due' | 'all') => Promise<void>
}

/**
 * Writes down where the chains stand, in a file beside the database, one JSON object a line, each with the hash of the one before.
 *
 * Whoever rewrites a chain in the database and computes every hash anew has to rewrite this file too: keep it, or copies of it,
 * where such a person cannot write.
 */
export function createHeadsWriter(deps: HeadsDeps): HeadsWriter {
  const { db, path, now } = deps
  const last = new Map<string, { readonly sequence: number; readonly at: number }>()
  let continued: KnownHeads | undefined
  let turn: Promise<void> = Promise.resolve()

  async function write(which: 'due' | 'all'): Promise<void> {
    const at = now()
    const due = (await readHeadRows(db)).filter(({ tenant, sequence }) => {
      const before = last.get(tenant)
      if (before === undefined) return true
      const moved = sequence - before.sequence
      return moved > 0 && (which === 'all' || moved >= EVERY_RECORDS || at.getTime() - before.at >= EVERY_MS)
    })
    if (due.length === 0) return
    const before = continued ?? (await continueHeads(deps))
    // Whatever fails below, the next turn looks at the file again.
    continued = undefined
    let { lines, hash } = before
    let written = ''
    for (const head of due) {
      lines += 1
      const line = formatHeadLine({
        file: before.file,
        line: lines,
        previous: hash,
        tenant: head.tenant,
        sequence: head.sequence,
        hash: head.hash,
        recordedAt: head.at === null ? null : new Date(head.at),
        anchorSequence: head.anchor_sequence,
        anchorHash: head.anchor_hash,
        at,
      })
      hash = hashOfLine(line)
      written += `${line}\n`
    }
    await appendDurably(path, written)
    const after = { file: before.file, lines, hash }
    if (!(await countKnownHeads(db, before, after))) throw new Error('another process writes the same file of heads')
    for (const { tenant, sequence } of due) last.set(tenant, { sequence, at: at.getTime() })
    continued = after
  }

  return {
    write(which) {
      const done = turn.then(() => write(which))
      turn = done.catch(() => undefined)
      return done
    },
  }
}

const readHeadRows = (db: Database): Promise<readonly HeadRow[]> =>
  db.acrossTenants.all<HeadRow>(sql`select head.tenant, head.sequence, head.hash, head.anchor_sequence, head.anchor_hash,
      record.at
    from audit_head as head
    left join audit_record as record on record.tenant = head.tenant and record.sequence = head.sequence
    order by head.tenant`)

async function appendDurably(path: string, written: string): Promise<void> {
  const file = await open(path, 'a', 0o600)
  try {
    await file.appendFile(written)
    await file.sync()
  } finally {
    await file.close()
  }
  // A new file survives a power failure when its folder is durable as well.
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
