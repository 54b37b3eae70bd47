import type { Answer } from '@uthopp/policy/answer'
import { performObligations } from '@uthopp/policy/obligations'
import type { Question } from '@uthopp/policy/question'
import { isTrouble } from '@uthopp/policy/trouble'
import type { SurfaceDeps } from '../surface-deps.ts'
import { askPolicy, type Basis, type Situation } from './ask-policy.ts'
import { codeOfPolicy, UNDECIDED } from './refuse-dialog.ts'
import { stageOf } from './stage.ts'

/** Whether somebody may give themselves an access, and who is to hear of it if they do. */
export type Choice =
  | { readonly kind: 'allowed'; readonly notified: readonly string[]; readonly answer: Answer | undefined }
  | { readonly kind: 'denied'; readonly code: string; readonly answer: Answer | undefined }

/**
 * Who can be told: the unit's leader on the control list, where the decision itself stands until it is reviewed, and the
 * privacy officer in the access log, whose record of the decision names them.
 */
const REACHED: ReadonlySet<string> = new Set(['unit-leader', 'privacy-officer'])

/**
 * Puts the choice to policy. A permit that owes what cannot be done here is a refusal (AZ-46).
 *
 * Telling is done by what is written down in the transaction that takes the decision, with the names answered here.
 */
export async function mayChoose(
  deps: Pick<SurfaceDeps, 'deployment' | 'tenant' | 'policy'>,
  situation: Situation,
  asked: { readonly basis: Basis; readonly question: Question; readonly otherwise: string },
): Promise<Choice> {
  const stage = stageOf(deps)
  if (stage === 'off') return { kind: 'allowed', notified: [], answer: undefined }
  const [answer] = await askPolicy(deps, situation, asked.basis, [asked.question])
  const notified = answer?.effect === 'permit' ? await whoIsTold(answer) : undefined
  if (notified !== undefined) return { kind: 'allowed', notified, answer }
  if (stage === 'log-only') return { kind: 'allowed', notified: [], answer }
  if (answer !== undefined && isTrouble(answer)) return { kind: 'denied', code: UNDECIDED, answer }
  return { kind: 'denied', code: codeOfPolicy(answer?.reasonCode, asked.otherwise), answer }
}

/** Undefined when something is owed that nobody here can do. */
async function whoIsTold(answer: Answer): Promise<readonly string[] | undefined> {
  const told = new Set<string>()
  const performed = await performObligations(answer, {
    audit: () => Promise.resolve(),
    notify({ properties: { to } }) {
      if (typeof to !== 'string' || !REACHED.has(to)) return Promise.reject(new Error('nobody here is told that way'))
      told.add(to)
      return Promise.resolve()
    },
  })
  return performed.kind === 'done' ? [...told] : undefined
}
