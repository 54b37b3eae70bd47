import { errors } from 'oidc-provider'

/** RFC 6749 §5.2 has no code for it; the status says that it is our trouble and worth another try. */
export function undecided(what = 'access cannot be decided', cause?: unknown): never {
  const error = new errors.CustomOIDCProviderError(
    'temporarily_unavailable',
    `${what} right now; nothing was spent, so the same request can be sent again`,
  )
  throw Object.assign(error, { status: 503, statusCode: 503, expose: true, cause })
}
