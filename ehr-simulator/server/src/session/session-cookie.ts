import { formatCookie, parseCookies } from '@uthopp/server-kit/cookies'

/** Each trust and each door has its own cookie, so one browser may be signed in at several without any hearing of another. */
export type SessionCookie = {
  readonly name: string
  readonly read: (header: string | undefined) => string | undefined
  readonly plant: (secret: string) => string
  readonly clear: () => string
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Browsers keep a Secure cookie from https, and from loopback, which no network carries (Secure Contexts §3.1). */
const keepsSecureCookies = (origin: string): boolean => {
  const { protocol, hostname } = new URL(origin)
  return protocol === 'https:' || LOOPBACK.has(hostname)
}

/**
 * The cookie of a trust's work surface.
 *
 * `__Host-` (RFC 6265bis §4.1.3.2) keeps neighbouring hosts from planting one: their visitor would work in their session.
 * Only where a demo world is opened by a plain-http name of the network does the browser refuse it, and the path must do.
 */
export function createSessionCookie(
  orgnr: string,
  origins: readonly string[],
  door: 'staff' | 'citizen' = 'staff',
): SessionCookie {
  const secure = origins.every(keepsSecureCookies)
  const [mark, folder] = door === 'citizen' ? ['-innbygger', '/innbygger'] : ['', '']
  const name = secure ? `__Host-uthopp${mark}-${orgnr}` : `uthopp${mark}-session`
  // Strict: a link from elsewhere opens the page, and the page's own requests then carry the cookie.
  const attributes = { path: secure ? '/' : `/${orgnr}${folder}`, httpOnly: true, secure, sameSite: 'Strict' } as const
  return {
    name,
    read: (header) => {
      const value = parseCookies(header).get(name)
      return value !== undefined && /^[\w-]{43}$/.test(value) ? value : undefined
    },
    plant: (secret) => formatCookie(name, secret, attributes),
    clear: () => formatCookie(name, '', { ...attributes, maxAgeSeconds: 0 }),
  }
}
