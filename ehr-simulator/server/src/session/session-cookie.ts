import { formatCookie, parseCookies } from '@uthopp/server-kit/cookies'

const NAME = 'uthopp-session'

/** Each trust has its own cookie by path, so one browser may be signed in at two trusts without either hearing of the other. */
export type SessionCookie = {
  readonly read: (header: string | undefined) => string | undefined
  readonly plant: (secret: string) => string
  readonly clear: () => string
}

export function createSessionCookie(orgnr: string, secure: boolean): SessionCookie {
  // Strict: a link from elsewhere opens the page, and the page's own requests then carry the cookie.
  const attributes = { path: `/${orgnr}`, httpOnly: true, secure, sameSite: 'Strict' } as const
  return {
    read: (header) => {
      const value = parseCookies(header).get(NAME)
      return value !== undefined && /^[\w-]{43}$/.test(value) ? value : undefined
    },
    plant: (secret) => formatCookie(NAME, secret, attributes),
    clear: () => formatCookie(NAME, '', { ...attributes, maxAgeSeconds: 0 }),
  }
}
