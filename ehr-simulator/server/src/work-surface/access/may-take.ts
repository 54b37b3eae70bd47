import type { Trace } from '@uthopp/server-kit/trace'
import { type DialogTemplate, findTemplate, purposeOf } from '#src/facts/templates.ts'
import type { OnDuty } from '#src/session/session-guard.ts'
import type { SurfaceDeps } from '../surface-deps.ts'
import { type Choice, mayChoose } from './may-choose.ts'
import { readOwnCase } from './own-case.ts'

/** Whether policy lets this person take this ground, with so much said for it. */
export async function mayTake(
  deps: SurfaceDeps,
  situation: { readonly present: OnDuty; readonly patient: string; readonly trace: Trace },
  { id: template }: DialogTemplate,
  reasonChars: number,
): Promise<Choice> {
  const { role } = await readOwnCase(deps, situation.present, [])
  const question = { action: 'selfAuthorize', template, reasonChars, confirmed: false } as const
  const basis = { purpose: purposeOf(template, role), decision: null }
  return mayChoose(deps, situation, { basis, question, otherwise: 'template_not_available' })
}

/** Policy is asked anew: a licence may have lapsed since the access was taken. */
export async function mayProlong(
  deps: SurfaceDeps,
  { present, trace }: { readonly present: OnDuty; readonly trace: Trace },
  decision: string,
  reasonChars: number,
): Promise<Choice> {
  const held = await deps.facts.decisions.find(decision)
  const template = held && findTemplate(held.template)
  if (held?.user !== present.user.id || template === undefined)
    return { kind: 'denied', code: 'decision_not_available', answer: undefined }
  return mayTake(deps, { present, patient: held.patient, trace }, template, reasonChars)
}
