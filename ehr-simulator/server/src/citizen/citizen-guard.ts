import type { AppContext } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'
import type { DirectoryUser } from '#src/directory/people.ts'
import type { SessionCookie } from '#src/session/session-cookie.ts'
import type { SessionStore } from '#src/session/session-store.ts'
import type { CitizenDeps } from './citizen-deps.ts'

/** A citizen at their own screen; `patient` is their own record and the only one they are asked about. */
type PresentCitizen = { readonly secret: string; readonly user: DirectoryUser; readonly patient: string }
export type CitizenGuard = (ctx: AppContext) => Promise<PresentCitizen>

/** Asks on every request who is there. A member of staff is nobody here, whatever cookie is brought. */
export const createCitizenGuard =
  (
    { people, now }: Pick<CitizenDeps, 'people' | 'now'>,
    { sessions, cookie }: { readonly sessions: SessionStore; readonly cookie: SessionCookie },
  ): CitizenGuard =>
  async (ctx) => {
    const secret = cookie.read(ctx.get('cookie'))
    const session = secret === undefined ? undefined : await sessions.find(secret, now())
    const user = session && people.findUser(session.user)
    return secret !== undefined && user?.kind === 'citizen'
      ? { secret, user, patient: user.id }
      : refuse(401, 'not_signed_in', 'sign in first')
  }
