import { badAuthorization, missingToken } from '#src/http/refusals.ts'

/** RFC 6750 §2.1: the b64token alphabet. */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i

/**
 * The one bearer token of a request, from its `Authorization` header only.
 *
 * Node keeps the first of several `Authorization` headers and drops the rest in silence; another proxy may keep the last,
 * so two of them are refused. A token in the query (RFC 6750 §2.3) is not looked at: it would end in somebody's log. Beside
 * one in the header it is a second method, which no request has (§2).
 *
 * What is no bearer token is 400 (§3.1); whoever authenticates in another way has not authenticated here, and hears no code.
 */
export function requireBearer(rawHeaders: readonly string[], query: URLSearchParams): string {
  const values = rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'authorization',
  )
  const [value, ...others] = values
  if (value === undefined) throw missingToken()
  if (others.length > 0) throw badAuthorization('more than one authorization header')
  if (!/^bearer(?:\s|$)/i.test(value.trim())) throw missingToken()
  if (query.has('access_token')) throw badAuthorization('more than one way to send the access token')
  const token = BEARER.exec(value.trim())?.[1]
  if (token === undefined) throw badAuthorization('the authorization header is not one bearer token')
  return token
}
