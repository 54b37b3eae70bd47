import { open, rename, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Log } from '@uthopp/server-kit/log'
import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import { newRecordId } from '#src/record-id.ts'
import { GENESIS } from './chain.ts'
import { formatHeadLine, hashOfLine } from './head-line.ts'
import { beginKnownHeads, countKnownHeads, type KnownHeads, readKnownHeads } from './heads-known.ts'
import { HeadsBroken, readHeads } from './read-heads.ts'

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
export function createHeadsWriter(deps: {
  readonly db: Database
  readonly path: string
  readonly now: () => Date
  readonly log: Pick<Log, 'error'>
}): HeadsWriter {
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

/**
 * The end of the file the database knows, for the next line to follow.
 *
 * Another file is put aside and a new one begun: the verifier still reads the one and still misses what is gone from it.
 */
async function continueHeads({ db, path, now, log }: Parameters<typeof createHeadsWriter>[0]): Promise<KnownHeads> {
  const known = await readKnownHeads(db)
  let end: (KnownHeads & { readonly endsAt: number }) | undefined
  let counted: KnownHeads | undefined
  let agrees = false
  try {
    for await (const { head, hash, endsAt } of readHeads(path)) {
      counted ??= known.find(({ file }) => file === head.file)
      agrees ||=
        counted !== undefined && (counted.lines === 0 || (counted.lines === head.line && counted.hash === hash))
      end = { file: head.file, lines: head.line, hash, endsAt }
    }
  } catch (error) {
    if (!(error instanceof HeadsBroken)) throw error
    agrees = false
    end ??= { file: '', lines: 0, hash: GENESIS, endsAt: 0 }
  }
  if (end !== undefined && counted !== undefined && agrees) {
    // Half a line of a power failure; and lines that were durable before the database had counted them.
    await truncate(path, end.endsAt)
    const { file, lines, hash } = end
    if (lines !== counted.lines && !(await countKnownHeads(db, counted, { file, lines, hash })))
      throw new Error('another process writes the same file of heads')
    return { file, lines, hash }
  }
  const file = newRecordId(now())
  if (end !== undefined) {
    const aside = path.replace(/(\.jsonl)?$/, `-before-${file}.jsonl`)
    await rename(path, aside)
    log.error('audit-heads-put-aside', { reason: 'the file of heads is not the one the database has counted' })
  }
  await beginKnownHeads(db, file)
  return { file, lines: 0, hash: GENESIS }
}

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
