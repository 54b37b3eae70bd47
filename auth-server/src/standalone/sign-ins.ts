import { formatCookie } from '@uthopp/server-kit/cookies'
import { newSecret } from '#src/launch/secrets.ts'
import type { OidcRows } from '#src/storage/oidc-rows.ts'

/** Long enough to open a few apps one after another, short enough for a machine that others use too. */
const SIGNED_IN_MS = 60 * 60_000
const MODEL = 'SignIn'

export type SignIn = { readonly user: string; readonly since: Date }

/** What every trust's sign-in cookie is named with; `__Host-` keeps sibling hosts from planting one. */
export const SIGN_IN_COOKIE = '__Host-uthopp-sign-in-'

/**
 * Who has signed in at this issuer, for standalone launches alone: an EHR launch takes the host's word and never looks here.
 *
 * `SameSite=Lax`, because an app opens this server by a top-level navigation and no page of ours lives in a frame. Secure also
 * where this machine serves plain http: browsers keep such cookies from loopback.
 */
export function createSignIns(deps: { readonly rows: OidcRows; readonly tenant: string; readonly now: () => Date }) {
  const { rows, now } = deps
  const name = `${SIGN_IN_COOKIE}${deps.tenant}`
  const attributes = { path: '/', httpOnly: true, secure: true, sameSite: 'Lax' } as const
  /** A name that comes twice is nobody's: somebody else may have planted one of them. */
  const idIn = (cookieHeader: string | undefined): string | undefined => {
    const pairs = (cookieHeader ?? '').split(';').map((pair) => pair.trim())
    const [only, second] = pairs.filter((pair) => pair.startsWith(`${name}=`))
    return only === undefined || second !== undefined ? undefined : only.slice(name.length + 1)
  }
  return {
    /** Who this browser is signed in as, and since when. */
    async find(cookieHeader: string | undefined): Promise<SignIn | undefined> {
      const id = idIn(cookieHeader)
      const row = id === undefined || id === '' ? undefined : await rows.find(MODEL, id)
      const { user, expiresAt } = row?.payload ?? {}
      const good = typeof user === 'string' && typeof expiresAt === 'number' && expiresAt > now().getTime()
      return good ? { user, since: new Date(expiresAt - SIGNED_IN_MS) } : undefined
    },
    /** Signs in afresh: no id that anybody could have planted is taken over. Answers the cookie to set. */
    async begin(user: string, cookieHeader: string | undefined): Promise<string> {
      const before = idIn(cookieHeader)
      if (before !== undefined) await rows.destroy(MODEL, before)
      const id = newSecret()
      const expiresAt = new Date(now().getTime() + SIGNED_IN_MS)
      const payload = { user, expiresAt: expiresAt.getTime() }
      await rows.put({ model: MODEL, id, payload, grantId: undefined, uid: undefined, expiresAt })
      return formatCookie(name, id, attributes)
    },
    async end(cookieHeader: string | undefined): Promise<string> {
      const id = idIn(cookieHeader)
      if (id !== undefined) await rows.destroy(MODEL, id)
      return formatCookie(name, '', { ...attributes, maxAgeSeconds: 0 })
    },
  }
}

export type SignIns = ReturnType<typeof createSignIns>
