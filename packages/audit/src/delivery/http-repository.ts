import { readObject } from '@uthopp/server-kit/client-credentials'
import type { SigningKey } from '@uthopp/server-kit/keys'
import { createOwnTokens } from '@uthopp/server-kit/own-token'
import { newTrace, tracedFetch } from '@uthopp/server-kit/trace'
import type { Tenant } from '@uthopp/storage/tenant'
import type { AuditRecord } from '#src/record.ts'
import { textOf } from '#src/wire.ts'
import { RecordsRefused, type Send } from './send.ts'

const SCOPE = '__audit.write'
const TIMEOUT_MS = 5000
/** The repository takes a mebibyte at once; records are at most a tenth of it. */
const MOST_BYTES = 900_000

/** What about a record is its own fault; every other answer may be another one later. */
const FOR_GOOD: ReadonlySet<number> = new Set([400, 409, 413])
const FOREIGN: ReadonlySet<string> = new Set(['foreign_source', 'foreign_tenant'])

export type HttpRepositoryOptions = {
  readonly issuerOf: (tenant: Tenant) => string
  readonly clientId: string
  /** The key whose public half the trust's issuer knows this client by. */
  readonly keyOf: (tenant: Tenant) => SigningKey
  readonly now: () => Date
}

/** Sends records to `POST <issuer>/audit/records` of their trust, with a token of our own for scope `__audit.write`. */
export function createHttpRepository({ issuerOf, clientId, keyOf, now }: HttpRepositoryOptions): Send {
  const client = { clientId, scope: SCOPE, now }
  const ownAt = createOwnTokens((tenant: Tenant) => ({ ...client, issuer: issuerOf(tenant), key: keyOf(tenant) }))

  async function post(tenant: Tenant, body: string): Promise<void> {
    const trace = newTrace()
    const own = ownAt(tenant)
    const token = await own.get(trace)
    const answer = await tracedFetch(trace, `${issuerOf(tenant)}/audit/records`, {
      method: 'POST',
      timeoutMs: TIMEOUT_MS,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body,
    })
    const { error } = await readObject(answer)
    if (answer.ok) return
    if (answer.status === 401) own.forget(token)
    const code = typeof error === 'string' ? error : String(answer.status)
    if (FOR_GOOD.has(answer.status) || FOREIGN.has(code)) throw new RecordsRefused(code)
    throw new Error(`the audit repository answered ${answer.status}: \`${code}\``)
  }

  return async (tenant, records) => {
    for (const part of inParts(records)) await post(tenant, `{"records":[${part.join(',')}]}`)
  }
}

/** Cuts a batch where the repository would find it too large, keeping its order. */
function inParts(records: readonly AuditRecord[]): readonly (readonly string[])[] {
  const parts: string[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const record of records) {
    const text = textOf(record)
    const size = Buffer.byteLength(text) + 1
    if (bytes + size > MOST_BYTES) {
      parts.push([])
      bytes = 0
    }
    parts.at(-1)?.push(text)
    bytes += size
  }
  return parts
}
