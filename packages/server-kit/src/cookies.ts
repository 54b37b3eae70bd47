/**
 * What follows a cookie's value. Koa's own jar refuses `Secure` on plain http, which browsers allow on loopback.
 * `maxAgeSeconds` 0 clears the cookie; absent, it lives as long as the browser session.
 */
export type CookieAttributes = {
  readonly path: string
  readonly maxAgeSeconds?: number
  readonly httpOnly: boolean
  readonly secure: boolean
  readonly sameSite: 'Strict' | 'Lax' | 'None'
  readonly partitioned?: boolean
}

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const VALUE = /^[!#-+\--:<-[\]-~]*$/

/** Writes one Set-Cookie line (RFC 6265 §4.1.1). */
export function formatCookie(name: string, value: string, attributes: CookieAttributes): string {
  if (!NAME.test(name) || !VALUE.test(value)) throw new Error('a cookie name or value has a character it may not have')
  return [
    `${name}=${value}`,
    `Path=${attributes.path}`,
    ...(attributes.maxAgeSeconds === undefined ? [] : [`Max-Age=${attributes.maxAgeSeconds}`]),
    ...(attributes.httpOnly ? ['HttpOnly'] : []),
    ...(attributes.secure ? ['Secure'] : []),
    `SameSite=${attributes.sameSite}`,
    ...(attributes.partitioned ? ['Partitioned'] : []),
  ].join('; ')
}

/**
 * Reads a Cookie header. Of two cookies with one name neither counts.
 *
 * A neighbouring host or port can plant a second one with a longer path, which browsers send first (RFC 6265 §8.6); taking
 * either would let it choose whose session this is.
 */
export function parseCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>()
  const repeated = new Set<string>()
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=')
    const name = pair.slice(0, at).trim()
    if (at <= 0 || name === '') continue
    if (cookies.has(name)) repeated.add(name)
    cookies.set(name, pair.slice(at + 1).trim())
  }
  for (const name of repeated) cookies.delete(name)
  return cookies
}
