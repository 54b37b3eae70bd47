import type { AppContext } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'
import type { DirectoryRole, DirectoryUser } from '#src/directory/people.ts'
import type { SessionCookie } from './session-cookie.ts'
import type { Session, SessionStore } from './session-store.ts'

/** A person at a screen. */
export type SignedIn = { readonly secret: string; readonly session: Session; readonly user: DirectoryUser }
/** The same, as the role whose patients are shown. */
export type OnDuty = SignedIn & { readonly role: DirectoryRole }

export type SessionGuard = {
  readonly signedIn: (ctx: AppContext) => Promise<SignedIn>
  readonly onDuty: (ctx: AppContext) => Promise<OnDuty>
  /** False once the session has ended or changed its role since it was looked at. */
  readonly isStill: (present: SignedIn) => Promise<boolean>
}

const refuseSession = (): never => refuse(401, 'not_signed_in', 'sign in first')

/** Asks, on every request, who is there: people and their roles may change while a session lasts. */
export function createSessionGuard(deps: {
  readonly sessions: SessionStore
  readonly cookie: SessionCookie
  readonly findUser: (id: string) => DirectoryUser | undefined
  readonly now: () => Date
}): SessionGuard {
  const signedIn = async (ctx: AppContext): Promise<SignedIn> => {
    const secret = deps.cookie.read(ctx.get('cookie'))
    const session = secret === undefined ? undefined : await deps.sessions.find(secret, deps.now())
    const user = session && deps.findUser(session.user)
    // A citizen's session is another door's, whatever cookie it is brought in.
    return secret !== undefined && session && user?.kind === 'staff' ? { secret, session, user } : refuseSession()
  }
  return {
    signedIn,
    isStill: async ({ secret, session }) => (await deps.sessions.find(secret, deps.now()))?.ref === session.ref,
    async onDuty(ctx) {
      const present = await signedIn(ctx)
      const role = present.user.roles.find(({ id }) => id === present.session.role)
      return role ? { ...present, role } : refuse(403, 'role_required', 'choose a role first')
    },
  }
}
