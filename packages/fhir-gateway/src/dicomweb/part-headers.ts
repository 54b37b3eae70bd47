import { Transform } from 'node:stream'
import { upstreamFailed } from '#src/http/refusals.ts'

/** Longer part headers are none. */
const MOST_HEADER_BYTES = 16 * 1024
const LINE_END = Buffer.from('\r\n')
const HEADERS_END = Buffer.from('\r\n\r\n')

/** The boundary of a multipart answer (RFC 2046 §5.1.1); `undefined` for every other type. */
export function boundaryOf(contentType: string): string | undefined {
  const { quoted, plain } =
    /^multipart\/[^;]+;(?:.*;)?\s*boundary=(?:"(?<quoted>[^"]{1,70})"|(?<plain>[^\s;"]{1,70}))/i.exec(contentType)
      ?.groups ?? {}
  return quoted ?? plain
}

/** One header line of a part as it leaves, or `undefined` for one that stays behind. */
export type RewriteHeader = (line: string) => string | undefined

/**
 * Rewrites the headers of each part of a multipart answer while it streams through.
 *
 * The bodies are pixels and are not looked into beyond the delimiter that ends them, so nothing in an image is ever mistaken
 * for an address. Holds no more than one header and one delimiter's length.
 */
export function rewritePartHeaders(boundary: string, rewrite: RewriteHeader): Transform {
  const opening = Buffer.from(`--${boundary}`, 'latin1')
  const delimiter = Buffer.concat([LINE_END, opening])
  let rest = Buffer.from(LINE_END) // the first delimiter may stand at the very beginning
  let state: 'body' | 'delimiter' | 'headers' | 'epilogue' = 'body'
  let begun = false

  /** Takes the next step if what is there suffices for it; answers what may leave. */
  function step(): Buffer | undefined {
    switch (state) {
      case 'body': {
        const at = rest.indexOf(delimiter)
        if (at < 0) return rest.length < delimiter.length ? undefined : take(rest.length - delimiter.length + 1)
        state = 'delimiter'
        return take(at + delimiter.length)
      }
      case 'delimiter':
        if (rest.length < 2) return undefined
        state = rest.subarray(0, 2).toString('latin1') === '--' ? 'epilogue' : 'headers'
        return Buffer.alloc(0)
      case 'headers': {
        const end = rest.indexOf(HEADERS_END)
        if (end > MOST_HEADER_BYTES || (end < 0 && rest.length > MOST_HEADER_BYTES)) throw upstreamFailed()
        if (end < 0) return undefined
        state = 'body'
        return rewritten(take(end + HEADERS_END.length))
      }
      case 'epilogue':
        return rest.length === 0 ? undefined : take(rest.length)
    }
  }

  function take(length: number): Buffer {
    const taken = rest.subarray(0, length)
    rest = rest.subarray(length)
    return taken
  }

  function rewritten(block: Buffer): Buffer {
    const [delimiterRest = '', ...lines] = block.toString('latin1').split('\r\n')
    const kept = lines.slice(0, -2).flatMap((line) => rewrite(line) ?? [])
    return Buffer.from([delimiterRest, ...kept, '', ''].join('\r\n'), 'latin1')
  }

  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      rest = Buffer.concat([rest, piece])
      try {
        for (let next = step(); next !== undefined; next = step()) this.push(withoutOurs(next))
        done()
      } catch (error) {
        done(error instanceof Error ? error : upstreamFailed(error))
      }
    },
    flush(done) {
      this.push(withoutOurs(rest))
      done()
    },
  })

  /** The line end put in front of everything does not leave. */
  function withoutOurs(bytes: Buffer): Buffer {
    if (begun || bytes.length === 0) return bytes
    const skipped = Math.min(bytes.length, LINE_END.length)
    begun = true
    return bytes.subarray(skipped)
  }
}
