import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { isRecord } from '@uthopp/smart-core/fhir/resource'
import { parseJson } from '#src/json.ts'

/** A further page at a server whose paging links are its own secret: where it lies, and the search it belongs to. */
type SealedPage = {
  /** The link as the server behind us wrote it. */
  readonly upstreamUrl: string
  /** The search as the client first asked it; a page is decided again as this search. */
  readonly search: string
  /** Whose token may follow the link. */
  readonly holder: string
  /** So many matches at the head of the page belong to an earlier one. */
  readonly skip: number
}

export interface PageSeal {
  seal(page: SealedPage): string
  /** `undefined` for anything this process did not seal itself. */
  open(sealed: string): SealedPage | undefined
}

/**
 * Seals opaque paging links into our own.
 *
 * AES-256-GCM under a key of this process: the client can neither read the address behind us nor make us call another one.
 * A restart forgets the key, and with it the pages: the client searches again, as with any expired paging link.
 */
export function createPageSeal(key: Buffer = randomBytes(32)): PageSeal {
  return {
    seal({ upstreamUrl, search, holder, skip }) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const text = Buffer.concat([
        cipher.update(JSON.stringify({ upstreamUrl, search, holder, skip }), 'utf8'),
        cipher.final(),
      ])
      return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64url')
      if (bytes.length < 29) return undefined
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
        decipher.setAuthTag(bytes.subarray(12, 28))
        return parsePage(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8'))
      } catch {
        return undefined // not sealed by us: the tag does not match
      }
    },
  }
}

function parsePage(text: string): SealedPage | undefined {
  const value = parseJson(text)
  if (!isRecord(value)) return undefined
  const { upstreamUrl, search, holder, skip } = value
  if (
    typeof upstreamUrl !== 'string' ||
    typeof search !== 'string' ||
    typeof holder !== 'string' ||
    typeof skip !== 'number'
  )
    return undefined
  return { upstreamUrl, search, holder, skip }
}
