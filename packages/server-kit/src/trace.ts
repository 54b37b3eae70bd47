import { randomFillSync } from 'node:crypto'

/** Where this request stands in a W3C trace. The trace id doubles as the correlation id people quote. */
export type Trace = { readonly traceId: string; readonly spanId: string; readonly traceparent: string }

// W3C Trace Context §3.2: lower-case hex; a later version may append members after a dash.
const SHAPE = /^(?<version>[0-9a-f]{2})-(?<traceId>[0-9a-f]{32})-(?<parentId>[0-9a-f]{16})-[0-9a-f]{2}(?<rest>-.*)?$/

// Asking the system for random bytes costs the same for a few as for many, and every request needs two ids. Ids are no secrets.
const random = Buffer.alloc(4096)
let taken = random.length

function hex(bytes: number): string {
  if (taken + bytes > random.length) {
    randomFillSync(random)
    taken = 0
  }
  taken += bytes
  return random.toString('hex', taken - bytes, taken)
}

const trace = (traceId: string, spanId: string): Trace => ({
  traceId,
  spanId,
  traceparent: `00-${traceId}-${spanId}-01`,
})

/** Reads the header, or answers undefined where the standard says to start afresh (W3C Trace Context §4.3). */
export function parseTraceparent(header: string | undefined): Trace | undefined {
  const part = SHAPE.exec(header?.trim() ?? '')?.groups
  const { version, traceId, parentId, rest } = part ?? {}
  if (version === undefined || traceId === undefined || parentId === undefined || version === 'ff') return undefined
  if (version === '00' && rest !== undefined) return undefined
  if (/^0+$/.test(traceId) || /^0+$/.test(parentId)) return undefined
  return trace(traceId, parentId)
}

export const newTrace = (): Trace => trace(hex(16), hex(8))

/** A new span of the same trace: what a request becomes inside us, and what each outgoing call carries. */
export const childTrace = (parent: Trace): Trace => trace(parent.traceId, hex(8))

export const childTraceparent = (parent: Trace): string => childTrace(parent).traceparent

export type TracedInit = RequestInit & { readonly timeoutMs?: number }

/**
 * Calls another process within a time limit (5 s unless told) and passes the trace on.
 *
 * Redirects are an error unless asked for: our processes answer where they are called, and a followed redirect would carry
 * the service token elsewhere.
 */
export function tracedFetch(parent: Trace, url: string | URL, init: TracedInit = {}): Promise<Response> {
  const { timeoutMs = 5000, signal, ...rest } = init
  const limit = AbortSignal.timeout(timeoutMs)
  const headers = new Headers(rest.headers)
  headers.set('traceparent', childTraceparent(parent))
  return fetch(url, { redirect: 'error', ...rest, headers, signal: signal ? AbortSignal.any([signal, limit]) : limit })
}
