import type { AppContext } from '@uthopp/server-kit/http-app'
import { concernedBy } from '#src/audit/concerned.ts'
import type { Directory, Person } from '#src/directory/directory.ts'
import type { LaunchEvents } from '#src/launch/events.ts'
import type { CallerLimits } from '#src/limits/caller-limits.ts'
import type { Language } from '#src/pages/language.ts'
import type { SignIns } from '#src/standalone/sign-ins.ts'
import { wordsOf } from './words.ts'

export type SignInDeps = {
  readonly directory: Directory
  readonly signIns: SignIns
  readonly events: LaunchEvents
  readonly callerLimits: CallerLimits
}
type Answer =
  | { readonly kind: 'signed-in'; readonly person: Person }
  | { readonly kind: 'refused'; readonly status: 403 | 429; readonly error: string; readonly username: string }

/** Checks what somebody typed with the host and, when it is right, signs this browser in afresh. */
export async function trySignIn(
  { directory, signIns, events, callerLimits }: SignInDeps,
  ctx: AppContext,
  language: Language,
  form: URLSearchParams,
  clientId?: string,
): Promise<Answer> {
  const words = wordsOf(language)
  const { trace } = ctx.state
  const username = form.get('username') ?? ''
  const about = { correlationId: trace.traceId, ...(clientId === undefined ? {} : { clientId }) }
  const closed = callerLimits.signInWait(ctx)
  if (closed !== undefined) return tooMany(closed.seconds)
  const answer = await directory.verifyPassword(username, form.get('password') ?? '', trace)
  if (answer.outcome === 'verified') {
    events.tell('signed-in', about, concernedBy(answer.person))
    ctx.append('set-cookie', await signIns.begin(answer.person.id, ctx.get('cookie')))
    return { kind: 'signed-in', person: answer.person }
  }
  events.tell('sign-in-refused', { ...about, code: answer.outcome })
  callerLimits.signInRefused(ctx)
  if (answer.outcome === 'refused') return { kind: 'refused', status: 403, error: words.wrong, username }
  return tooMany(answer.seconds)

  function tooMany(seconds: number): Answer {
    ctx.set('retry-after', String(seconds))
    return { kind: 'refused', status: 429, error: words.closed(seconds), username }
  }
}
