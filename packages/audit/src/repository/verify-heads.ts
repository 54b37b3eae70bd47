import { GENESIS } from './chain.ts'
import type { HeadLine } from './head-line.ts'
import type { KnownHeads } from './heads-known.ts'
import { HeadsBroken, readHeads } from './read-heads.ts'

export type HeadsFault = {
  readonly fault: /** A line that cannot be read or does not follow from the one before it. */
    | 'line-changed'
    /** The database counted more lines than are shown. */
    | 'lines-missing'
    /** The database counted lines of a file that nobody shows. */
    | 'file-missing'
    /** The database has never heard of the file: one of the two is not of this log. */
    | 'file-unknown'
    /** Two copies of one file say different things. */
    | 'copies-disagree'
  /** The path, or the name of a file that is not there. */
  readonly file: string
  readonly line: number
}

export type HeadsVerification = { readonly lines: readonly HeadLine[]; readonly faults: readonly HeadsFault[] }

type Copy = { readonly path: string; readonly lines: readonly HeadLine[]; readonly hashes: readonly string[] }

/**
 * Holds files of heads against what the database counted of them; several may be copies of one.
 *
 * Ask the database before, so that what is written meanwhile only makes a file longer than it was counted.
 */
export async function verifyHeads(known: readonly KnownHeads[], paths: readonly string[]): Promise<HeadsVerification> {
  const faults: HeadsFault[] = []
  const longest = new Map<string, Copy>()
  for (const path of paths) {
    const { copy, broken } = await readCopy(path)
    if (broken !== undefined) faults.push({ fault: 'line-changed', file: path, line: broken })
    const file = copy.lines[0]?.file
    if (file === undefined) continue
    const other = longest.get(file)
    const parted = other === undefined ? -1 : differsAt(copy, other)
    if (parted >= 0) faults.push({ fault: 'copies-disagree', file: path, line: parted + 1 })
    if (other === undefined || copy.lines.length > other.lines.length) longest.set(file, copy)
  }
  for (const { file, lines, hash } of known) {
    const copy = longest.get(file)
    if (lines === 0) continue
    if (copy === undefined) faults.push({ fault: 'file-missing', file, line: lines })
    else if (copy.lines.length < lines)
      faults.push({ fault: 'lines-missing', file: copy.path, line: copy.lines.length + 1 })
    else if (copy.hashes[lines - 1] !== hash) faults.push({ fault: 'line-changed', file: copy.path, line: lines })
  }
  for (const [file, { path }] of longest)
    if (!known.some((one) => one.file === file)) faults.push({ fault: 'file-unknown', file: path, line: 1 })
  return { lines: [...longest.values()].flatMap(({ lines }) => lines), faults }
}

async function readCopy(path: string): Promise<{ readonly copy: Copy; readonly broken: number | undefined }> {
  const lines: HeadLine[] = []
  const hashes: string[] = []
  try {
    for await (const { head, hash } of readHeads(path)) {
      lines.push(head)
      hashes.push(hash)
    }
  } catch (error) {
    if (!(error instanceof HeadsBroken)) throw error
    return { copy: { path, lines, hashes }, broken: error.line }
  }
  return { copy: { path, lines, hashes }, broken: undefined }
}

/** Each hash covers the lines before it, so the last one both have tells whether they are the same so far. */
function differsAt(one: Copy, other: Copy): number {
  const both = Math.min(one.hashes.length, other.hashes.length)
  if ((one.hashes[both - 1] ?? GENESIS) === (other.hashes[both - 1] ?? GENESIS)) return -1
  return one.hashes.findIndex((hash, index) => hash !== other.hashes[index])
}
