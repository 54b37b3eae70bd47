import { errors } from 'oidc-provider'

/** The authorization endpoint's way to say it: by redirect, to the app that waits (RFC 6749 §4.1.2.1). */
export const unanswered = (what: string, cause: unknown): Error =>
  Object.assign(new errors.CustomOIDCProviderError('temporarily_unavailable', `${what} right now`), { cause })

/**
 * RFC 6749 §5.2 has no code for it; the status says that it is our trouble and worth another try.
 *
 * No code or refresh token was spent. A client assertion was: it proves its client once, whatever comes of the request.
 */
export function undecided(what = 'access cannot be decided', cause?: unknown): never {
  const error = new errors.CustomOIDCProviderError(
    'temporarily_unavailable',
    `${what} right now; no code or token was spent, so try again, with a new assertion where one is used`,
  )
  throw Object.assign(error, { status: 503, statusCode: 503, expose: true, cause })
}
