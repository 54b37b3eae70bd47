import { readObject, requestToken } from '@uthopp/server-kit/client-credentials'
import type { SigningKey } from '@uthopp/server-kit/keys'
import { askPeer } from '@uthopp/server-kit/peer'
import { Refusal } from '@uthopp/server-kit/refusal'
import type { Trace } from '@uthopp/server-kit/trace'
import { type LogEntry, parseLogPage } from './log-entry.ts'

const SCOPE = '__audit.read'
const RENEW_BEFORE_MS = 30_000
/** As many as the repository answers at once. */
const PAGE = 200
/** A patient reads back as far as this in one go. */
const MOST_PAGES = 5

/** Reads a patient's access log where the trust keeps it. */
export type LogClient = {
  readonly read: (
    trace: Trace,
    asked: { readonly patient: string; readonly reader: string },
  ) => Promise<{
    readonly entries: readonly LogEntry[]
    readonly more: boolean
  }>
}

export function createLogClient(options: {
  readonly issuer: string
  readonly key: SigningKey
  readonly now: () => Date
}): LogClient {
  const { issuer, key, now } = options
  let held: { readonly token: string; readonly until: number } | undefined

  const tokenFor = async (trace: Trace): Promise<string> => {
    if (held !== undefined && now().getTime() < held.until) return held.token
    const granted = await requestToken(trace, { issuer, clientId: 'host', key, scope: SCOPE, now })
    held = { token: granted.token, until: now().getTime() + granted.expiresInSeconds * 1000 - RENEW_BEFORE_MS }
    return granted.token
  }
  const page = async (trace: Trace, patient: string, reader: string, cursor: string | null) => {
    const query = new URLSearchParams({ for: 'patient', _count: String(PAGE), ...(cursor ? { _cursor: cursor } : {}) })
    const address = `${issuer}/audit/patient/${encodeURIComponent(patient)}?${query.toString()}`
    const headers = { authorization: `Bearer ${await tokenFor(trace)}`, 'x-on-behalf-of': reader }
    const answer = await askPeer(trace, 'the access log', address, { headers })
    const body = await readObject(answer)
    if (answer.status === 401) held = undefined
    if (!answer.ok) throw new Refusal(503, 'log_unavailable', 'the access log does not answer')
    return parseLogPage(body)
  }
  return {
    async read(trace, { patient, reader }) {
      const entries: LogEntry[] = []
      let cursor: string | null = null
      for (let pages = 0; pages < MOST_PAGES; pages += 1) {
        const read: Awaited<ReturnType<typeof page>> = await page(trace, patient, reader, cursor).catch(unavailable)
        entries.push(...read.entries)
        cursor = read.next
        if (cursor === null) break
      }
      return { entries, more: cursor !== null }
    },
  }
}

/** Half a log would look like a whole one. */
function unavailable(cause: unknown): never {
  if (cause instanceof Refusal && cause.code === 'log_unavailable') throw cause
  throw new Refusal(503, 'log_unavailable', 'the access log does not answer', { cause })
}
