import { rename, truncate } from 'node:fs/promises'
import type { Log } from '@uthopp/server-kit/log'
import type { Database } from '@uthopp/storage/database'
import { newRecordId } from '#src/record-id.ts'
import { GENESIS } from './chain.ts'
import { beginKnownHeads, countKnownHeads, type KnownHeads, readKnownHeads } from './heads-known.ts'
import { HeadsBroken, readHeads } from './read-heads.ts'

export type HeadsDeps = {
  readonly db: Database
  readonly path: string
  readonly now: () => Date
  readonly log: Pick<Log, 'error'>
}

/**
 * The end of the file the database knows, for the next line to follow.
 *
 * Another file is put aside and a new one begun: the verifier still reads the one and still misses what is gone from it.
 */
export async function continueHeads({ db, path, now, log }: HeadsDeps): Promise<KnownHeads> {
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
