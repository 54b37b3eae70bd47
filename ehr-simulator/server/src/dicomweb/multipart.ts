import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'

export type MultipartBody = { readonly contentType: string; readonly body: Readable }

async function* written(boundary: string, head: string, parts: readonly (() => Uint8Array)[]) {
  for (const part of parts) {
    yield `--${boundary}\r\n${head}\r\n\r\n`
    yield part()
    yield '\r\n'
    // Drawing a part takes milliseconds; a study of a hundred must not keep others waiting.
    await setImmediate()
  }
  yield `--${boundary}--\r\n`
}

/** A `multipart/related` answer of equal parts, each made when its turn comes (RFC 2387, DICOM PS3.18 §8.6.1.2). */
export function multipartRelated(
  partType: string,
  transferSyntax: string,
  parts: readonly (() => Uint8Array)[],
): MultipartBody {
  const boundary = randomUUID()
  const head = `Content-Type: ${partType}; transfer-syntax=${transferSyntax}`
  return {
    contentType: `multipart/related; type="${partType}"; transfer-syntax=${transferSyntax}; boundary=${boundary}`,
    body: Readable.from(written(boundary, head, parts), { objectMode: false }),
  }
}

const QUOTES = /"/g

/** True when an Accept header admits parts of this type in this transfer syntax, as lists, wildcards or nothing at all. */
export function acceptsParts(accept: string, partType: string, transferSyntax: string): boolean {
  if (accept.trim() === '') return true
  return accept.split(',').some((range) => {
    const [media = '', ...parameters] = range.split(';').map((word) => word.trim().replace(QUOTES, '').toLowerCase())
    if (media === '*/*') return true
    if (media !== 'multipart/related' && media !== 'multipart/*') return false
    const value = (name: string): string | undefined =>
      parameters.find((parameter) => parameter.startsWith(`${name}=`))?.slice(name.length + 1)
    const type = value('type') ?? partType
    const syntax = value('transfer-syntax') ?? transferSyntax
    return (type === partType || type === '*/*') && (syntax === transferSyntax || syntax === '*')
  })
}
