import { readObject } from '@uthopp/server-kit/client-credentials'
import type { SigningKey } from '@uthopp/server-kit/keys'
import { createOwnToken } from '@uthopp/server-kit/own-token'
import { askPeer } from '@uthopp/server-kit/peer'
import { Refusal } from '@uthopp/server-kit/refusal'
import type { Trace } from '@uthopp/server-kit/trace'
import { type LogEntry, parseLogPage } from './log-entry.ts'

const SCOPE = '__audit.read'
const TIMEOUT_MS = 2000
/** As many as the repository answers at once. */
const PAGE = 200

/** Reads a patient's access log where the trust keeps it. */
export type LogClient = {
  /** One page, the newest first, and where the next one begins: null after the oldest. */
  readonly readPage: (
    trace: Trace,
    asked: { readonly patient: string; readonly reader: string; readonly cursor: string | null },
  ) => Promise<{ readonly entries: readonly LogEntry[]; readonly next: string | null }>
}

export function createLogClient(options: {
  readonly issuer: string
  readonly key: SigningKey
  readonly now: () => Date
}): LogClient {
  const { issuer, key, now } = options
  const own = createOwnToken({ issuer, clientId: 'host', key, scope: SCOPE, now, timeoutMs: TIMEOUT_MS })

  const page = async (trace: Trace, patient: string, reader: string, cursor: string | null) => {
    const query = new URLSearchParams({ for: 'patient', _count: String(PAGE), ...(cursor ? { _cursor: cursor } : {}) })
    const address = `${issuer}/audit/patient/${encodeURIComponent(patient)}?${query.toString()}`
    const token = await own.get(trace)
    const headers = { authorization: `Bearer ${token}`, 'x-on-behalf-of': reader }
    const answer = await askPeer(trace, 'the access log', address, { headers })
    const body = await readObject(answer)
    if (answer.status === 401) own.forget(token)
    if (answer.status === 400 && cursor !== null) throw new Refusal(400, 'invalid_request', 'no such place in the log')
    if (!answer.ok) throw new Refusal(503, 'log_unavailable', 'the access log does not answer')
    return parseLogPage(body)
  }
  return {
    readPage: (trace, { patient, reader, cursor }) => page(trace, patient, reader, cursor).catch(unavailable),
  }
}

/** Half a log would look like a whole one. */
function unavailable(cause: unknown): never {
  if (cause instanceof Refusal && ['log_unavailable', 'invalid_request'].includes(cause.code)) throw cause
  throw new Refusal(503, 'log_unavailable', 'the access log does not answer', { cause })
}
