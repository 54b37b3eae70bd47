import { createReadStream } from 'node:fs'
import { isProblem } from '@uthopp/smart-core/problem'
import { GENESIS } from './chain.ts'
import { type HeadLine, hashOfLine, parseHeadLine } from './head-line.ts'

/** A line of a file of heads, its hash, and how far into the file it ends. */
export type WrittenHead = { readonly head: HeadLine; readonly hash: string; readonly endsAt: number }

/** The first line that cannot be read, or does not follow from the one before it. */
export class HeadsBroken extends Error {
  override readonly name = 'HeadsBroken'
  readonly line: number

  constructor(line: number, reason: string) {
    super(`line ${line} of the heads written down ${reason}`)
    this.line = line
  }
}

/**
 * Reads a file of heads line by line. No file has no lines.
 *
 * What stands behind the last line break is left out: a power failure may leave half a line, and the database counts whole ones.
 */
export async function* readHeads(path: string): AsyncGenerator<WrittenHead> {
  let line = 0
  let endsAt = 0
  let file: string | undefined
  let previous = GENESIS
  for await (const written of wholeLines(path)) {
    line += 1
    endsAt += Buffer.byteLength(written) + 1
    const head = parseHeadLine(written)
    if (isProblem(head)) throw new HeadsBroken(line, `cannot be read: ${head.reason}`)
    file ??= head.file
    if (head.file !== file) throw new HeadsBroken(line, 'is of another file')
    if (head.line !== line || head.previous !== previous)
      throw new HeadsBroken(line, 'does not follow from the one before it')
    previous = hashOfLine(written)
    yield { head, hash: previous, endsAt }
  }
}

async function* wholeLines(path: string): AsyncGenerator<string> {
  let begun = ''
  try {
    for await (const chunk of createReadStream(path, 'utf8') as AsyncIterable<string>) {
      // an encoding is given
      const parts = `${begun}${chunk}`.split('\n')
      begun = parts.pop() ?? ''
      yield* parts
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
}
