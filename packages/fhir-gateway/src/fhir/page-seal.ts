import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import type { SigningKey } from '@uthopp/server-kit/keys'
import { isRecord } from '@uthopp/smart-core/fhir/resource'
import { parseJson } from '#src/json.ts'

/** A further page: where it lies at the server behind us, and the search it belongs to. */
type SealedPage = {
  /** The link as the server behind us understands it. */
  readonly upstreamUrl: string
  /** The search as the client first asked it; a page is decided again as this search. */
  readonly search: string
  /** Whose token may follow the link. */
  readonly holder: string
  /** So many matches at the head of the page belong to an earlier one. */
  readonly skip: number
}

type OpenedPage = Omit<SealedPage, 'holder'>

export interface PageSeal {
  seal(page: SealedPage): string
  /** `undefined` for anything that was not sealed under this key, or for somebody else. */
  open(sealed: string, holder: string): OpenedPage | undefined
}

const NONCE_BYTES = 12
const TAG_BYTES = 16
/** What the address of a page adds to its search, as a rule. */
const ROOM_BYTES = 640
const STEP_BYTES = 256

/**
 * Seals the places of pages into links of ours.
 *
 * AES-256-GCM: the client can neither read the address behind us nor make us call another one. How long a seal is follows from
 * the search alone, since the number of digits of a place would tell how much was left out before it.
 */
export function createPageSeal(key: Buffer = randomBytes(32)): PageSeal {
  return {
    seal({ upstreamUrl, search, holder, skip }) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const text = Buffer.from(JSON.stringify({ upstreamUrl, search, holder: digestOf(holder), skip }), 'utf8')
      const padded = Buffer.alloc(lengthOf(text, search), ' ')
      text.copy(padded)
      const sealed = Buffer.concat([cipher.update(padded), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
    },
    open(sealed, holder) {
      const bytes = Buffer.from(sealed, 'base64url')
      if (bytes.length <= NONCE_BYTES + TAG_BYTES) return undefined
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES))
        decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
        const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
        return parsePage(text.toString('utf8'), digestOf(holder))
      } catch {
        return undefined // not sealed by us: the tag does not match
      }
    },
  }
}

/** A search stands in its seal twice, as it was written and as it goes up, where each of its characters may take three. */
function lengthOf(text: Buffer, search: string): number {
  const expected = stepped(ROOM_BYTES + 4 * Buffer.byteLength(search), STEP_BYTES)
  // INVARIANT: nothing is cut. A server whose addresses are longer than that gets room for ever more of them.
  return text.length <= expected ? expected : expected + stepped(text.length - expected, 4 * STEP_BYTES)
}

const stepped = (length: number, step: number): number => Math.ceil(length / step) * step

const digestOf = (holder: string): string => createHash('sha256').update(holder).digest('base64url')

/** A key of all nodes that share this one, so that a link given by one of them is followed at another, and after a restart. */
export const sealKeyOf = ({ privateJwk }: SigningKey): Buffer =>
  Buffer.from(hkdfSync('sha256', privateJwk.d ?? randomBytes(32), '', 'uthopp gateway page links', 32))

function parsePage(text: string, digest: string): OpenedPage | undefined {
  const value = parseJson(text)
  if (!isRecord(value) || value['holder'] !== digest) return undefined
  const { upstreamUrl, search, skip } = value
  if (typeof upstreamUrl !== 'string' || typeof search !== 'string' || typeof skip !== 'number') return undefined
  return { upstreamUrl, search, skip }
}
