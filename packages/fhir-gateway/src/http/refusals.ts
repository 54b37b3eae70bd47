import { Refusal } from '@uthopp/server-kit/refusal'

/**
 * What the gateway says no with. Every refusal of the two doors is made here, so that the answer to a hidden resource and the
 * answer to one that never existed cannot drift apart.
 */

const challenge = (error?: string): { readonly headers: { readonly 'www-authenticate': string } } => ({
  headers: { 'www-authenticate': error === undefined ? 'Bearer' : `Bearer error="${error}"` },
})

/** RFC 6750 §3.1: no error code where no credentials were sent. */
export const missingToken = (): Refusal => new Refusal(401, 'login', 'an access token is needed here', challenge())

export const invalidToken = (cause?: unknown): Refusal =>
  new Refusal(401, 'invalid_token', 'the access token is not valid here', { ...challenge('invalid_token'), cause })

/** RFC 6750 §3.1: `invalid_request` is 400. */
export const badAuthorization = (hint: string): Refusal =>
  new Refusal(400, 'invalid_request', hint, challenge('invalid_request'))

export const insufficientScope = (hint = 'no granted scope covers this'): Refusal =>
  new Refusal(403, 'insufficient_scope', hint, challenge('insufficient_scope'))

/** For what no scope could open: interactions, operations and parameters this gateway lets nobody use. */
export const forbidden = (hint: string): Refusal => new Refusal(403, 'forbidden', hint)

/** INVARIANT: takes nothing, so that hidden, blocked, deleted and unknown are answered with the same bytes. */
export const notFound = (): Refusal => new Refusal(404, 'not-found', 'there is no such resource')

export const badRequest = (hint: string): Refusal => new Refusal(400, 'invalid', hint)

export const methodNotAllowed = (allow: string): Refusal =>
  new Refusal(405, 'not-supported', `this is asked for by ${allow}`, { headers: { allow } })

export const notAcceptable = (): Refusal => new Refusal(406, 'not-supported', 'only JSON is spoken here')

export const unsupportedType = (hint: string): Refusal => new Refusal(415, 'not-supported', hint)

export const versionConflict = (): Refusal => new Refusal(412, 'conflict', 'the resource has another version by now')

/** INVARIANT: takes nothing, so that stale, moved, deleted, foreign and unknown app state are answered with the same bytes. */
export const stateConflict = (): Refusal =>
  new Refusal(
    412,
    'conflict',
    'no such version of this state is kept under this code and subject; `If-Match` names one',
  )

export const stateExists = (): Refusal =>
  new Refusal(409, 'conflict', 'a state with this code and subject is kept already; search for it and update it')

export const severalMatches = (): Refusal =>
  new Refusal(412, 'multiple-matches', 'the criteria match more than one resource')

/** Not 400: what was gone through on the way is written down like what was found. */
export const tooCostly = (): Refusal =>
  new Refusal(403, 'too-costly', 'this asks for more than one request may; ask for less, or in several requests')

export const unprocessable = (hint: string): Refusal => new Refusal(422, 'processing', hint)

/** Seconds: whatever comes back on its own is asked again about once a second. */
const SOON = { 'retry-after': '2' }

export const notReady = (hint: string, cause?: unknown): Refusal =>
  new Refusal(503, 'transient', hint, { headers: SOON, cause })

/** contracts.md §5: a token that may have been revoked is neither good nor bad. */
export const revocationsUnknown = (): Refusal => notReady('whether the access token is still valid cannot be known now')

export const upstreamFailed = (cause?: unknown): Refusal =>
  new Refusal(502, 'exception', 'the server behind this gateway failed', { cause })

export const upstreamSilent = (cause?: unknown): Refusal =>
  new Refusal(504, 'timeout', 'the server behind this gateway did not answer in time', { cause })

export const tooManyGuesses = (seconds: number): Refusal =>
  new Refusal(429, 'throttled', 'too many access tokens that are none came from here', {
    headers: { 'retry-after': String(seconds) },
  })

export const tooManyExports = (): Refusal =>
  new Refusal(429, 'throttled', 'too many exports are kept or running; read or delete one first', {
    headers: { 'retry-after': '30' },
  })

export const exportFailed = (hint: string): Refusal => new Refusal(500, 'exception', hint)
