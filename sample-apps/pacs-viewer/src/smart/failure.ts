import { at, numberAt, textAt } from './json.ts'
import { passesBy } from './patience.ts'

/** Why the app cannot show what it was opened for. */
export type Failure =
  | { readonly kind: 'refused'; readonly code: string; readonly explanation: string; readonly correlationId: string }
  /** `app`: its token does not cover this; `person`: the one who uses it may not see it. */
  | { readonly kind: 'no-access'; readonly whose: 'app' | 'person'; readonly correlationId: string }
  | { readonly kind: 'not-found'; readonly correlationId: string }
  | { readonly kind: 'storage-blocked' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'not-launched' }
  | { readonly kind: 'unreachable' }
  /** The server could not answer now, and asking again did not help. */
  | { readonly kind: 'unavailable'; readonly correlationId: string }
  | { readonly kind: 'broken'; readonly explanation: string; readonly correlationId: string }

/** A failed search or read, so that a screen can throw it and the nearest reader can ask its kind. */
export class AccessFailure extends Error {
  override readonly name = 'AccessFailure'
  readonly failure: Failure

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.kind, options)
    this.failure = failure
  }
}

const SHORT = 300
const shorten = (text: string): string => (text.length > SHORT ? `${text.slice(0, SHORT)}…` : text)

/** OAuth 2.0 error redirect (RFC 6749 §4.1.2.1); undefined when the address carries none. */
export function refusalIn(address: URL): Failure | undefined {
  const code = address.searchParams.get('error')
  if (!code) return undefined
  const explanation = shorten(address.searchParams.get('error_description') ?? '')
  const correlationId = address.searchParams.get('correlation_id') ?? correlationIdIn(explanation)
  return { kind: 'refused', code: shorten(code), explanation, correlationId }
}

/** Sorts whatever fhirclient or the browser threw. */
export function failureOf(error: unknown): Failure {
  if (error instanceof AccessFailure) return error.failure
  const name = textAt(error, 'name') ?? (error instanceof Error ? error.name : '')
  const message = error instanceof Error ? error.message : ''
  if (name === 'SecurityError' || /sessionStorage|access is denied for this document/i.test(message)) {
    return { kind: 'storage-blocked' }
  }
  if (/no server url|no 'state' parameter|no state found|cannot be accessed directly/i.test(message)) {
    return { kind: 'not-launched' }
  }
  const status = numberAt(error, 'status') ?? numberAt(error, 'statusCode')
  const correlationId = correlationIdOf(error) || correlationIdIn(message)
  if (/\binvalid_grant\b|session has expired/i.test(message) || status === 401) return { kind: 'expired' }
  if (status === 403) return { kind: 'no-access', whose: whoseRefusal(error), correlationId }
  if (status === 404 || status === 410) return { kind: 'not-found', correlationId }
  const oauth = /^(?<code>[a-z_]{4,40}): (?<explanation>.+)$/m.exec(message)?.groups
  if (status === 400 && oauth) {
    const { code = '', explanation = '' } = oauth
    return { kind: 'refused', code, explanation: shorten(explanation), correlationId }
  }
  if (passesBy(status)) return { kind: 'unavailable', correlationId }
  if (status === undefined && /fetch|network|load failed/i.test(message)) return { kind: 'unreachable' }
  // A number of HTTP means nothing to who reads the screen; the reference leads support to it.
  const explanation = status === undefined ? shorten(message.split('\n')[0] ?? '') : ''
  return { kind: 'broken', explanation, correlationId }
}

/** RFC 6750 §3.1: `insufficient_scope` is about the token; any other refusal is about whose token it is. */
function whoseRefusal(error: unknown): 'app' | 'person' {
  const response = at(error, 'response')
  const challenge = response instanceof Response ? (response.headers.get('www-authenticate') ?? '') : ''
  return /\binsufficient_scope\b/.test(challenge) ? 'app' : 'person'
}

/** fhirclient hangs the answer on its error; many servers name the request in a header of it. */
function correlationIdOf(error: unknown): string {
  const response = at(error, 'response')
  const named = response instanceof Response ? response.headers.get('x-correlation-id') : null
  return named && /^[\w-]{8,64}$/.test(named) ? named : ''
}

/** Others put it in their explanation. It is worth showing because support can look it up. */
function correlationIdIn(text: string): string {
  return /correlation[ _-]?id\W{1,5}(?<id>[\w-]{8,64})/i.exec(text)?.groups?.['id'] ?? ''
}
