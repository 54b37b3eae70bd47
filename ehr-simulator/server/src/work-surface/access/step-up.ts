import type { Trace } from '@uthopp/server-kit/trace'
import { Refusal, refuse } from '@uthopp/server-kit/refusal'
import { assuranceOf } from '#src/session/assurance.ts'
import type { OnDuty } from '#src/session/session-guard.ts'
import type { SurfaceDeps } from '../surface-deps.ts'
import { refusedActivity } from './access-records.ts'

type Asked = { readonly present: OnDuty; readonly patient: string; readonly password: string; readonly trace: Trace }

/**
 * Makes sure that whoever sits at the screen is who signed in at it: a screen somebody walked away from lifts no blocks.
 *
 * In the demo world the password stands for the smart card here too, and a wrong one counts like a wrong sign-in. Elsewhere
 * a password proves no level (assurance.ts), so what asks for one is refused whatever is typed.
 */
export async function requireStepUp(deps: SurfaceDeps, { present, patient, password, trace }: Asked): Promise<void> {
  if (assuranceOf(deps.deployment) === 0) return
  if (password === '') return refuse(400, 'password_required', '`password` is missing')
  const verification = await deps.people.verify(present.user.username, password)
  if (verification.outcome === 'verified' && verification.user.id === present.user.id) return
  const closed = verification.outcome === 'closed'
  const code = closed ? 'too_many_attempts' : 'password_wrong'
  await deps.audit.write(refusedActivity({ present, patient, trace }, code, null, 'break-glass-refused'))
  if (!closed) return refuse(403, code, 'the password is wrong')
  throw new Refusal(429, code, 'too many attempts; wait a minute', {
    headers: { 'retry-after': String(verification.seconds) },
  })
}
