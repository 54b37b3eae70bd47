import { readObject, requestToken } from '@uthopp/server-kit/client-credentials'
import type { SigningKey } from '@uthopp/server-kit/keys'
import { newTrace, type Trace, tracedFetch } from '@uthopp/server-kit/trace'
import type { Tenant } from '@uthopp/storage/tenant'
import type { AuditRecord } from '#src/record.ts'
import { textOf } from '#src/wire.ts'
import { RecordsRefused, type Send } from './send.ts'

const SCOPE = '__audit.write'
const RENEW_BEFORE_MS = 30_000
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
  const held = new Map<Tenant, { readonly token: string; readonly until: number }>()

  async function tokenFor(trace: Trace, tenant: Tenant): Promise<string> {
    const known = held.get(tenant)
    if (known !== undefined && now().getTime() < known.until) return known.token
    const credentials = { issuer: issuerOf(tenant), clientId, key: keyOf(tenant), scope: SCOPE, now }
    const { token, expiresInSeconds } = await requestToken(trace, credentials)
    held.set(tenant, { token, until: now().getTime() + expiresInSeconds * 1000 - RENEW_BEFORE_MS })
    return token
  }

  async function post(tenant: Tenant, body: string): Promise<void> {
    const trace = newTrace()
    const answer = await tracedFetch(trace, `${issuerOf(tenant)}/audit/records`, {
      method: 'POST',
      timeoutMs: TIMEOUT_MS,
      headers: { authorization: `Bearer ${await tokenFor(trace, tenant)}`, 'content-type': 'application/json' },
      body,
    })
    const { error } = await readObject(answer)
    if (answer.ok) return
    if (answer.status === 401) held.delete(tenant)
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
