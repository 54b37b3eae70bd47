import { countReasonChars, SHORTEST_REASON } from '@uthopp/policy/reason-text'
import { hasNationalId } from '@uthopp/smart-core/national-id'
import { type Problem, problem } from '@uthopp/smart-core/problem'
import { DIALOG_TEMPLATES } from './templates.ts'

const MOST = 500

/** Words a form shows, which say nothing when they come back. */
const OURS: readonly string[] = [
  'Begrunnelse',
  'Begrunnelse (blir synlig for pasienten i innsynsloggen)',
  'Jeg bekrefter at vilkårene er oppfylt',
  'Opphev sperring',
  'Åpne sperrede opplysninger',
  ...DIALOG_TEMPLATES.flatMap(({ title, hint }) => [title, hint, `${title}: ${hint}`]),
]

/** How many of its characters say something; no other part of a reason reaches policy (authzen-and-cedar CE-35, CE-36). */
export const reasonLength = (text: string): number => countReasonChars(text, OURS)

/** Reads the words somebody gives for an access of their own choosing; the patient and the leader will read them. */
export function parseReason(text: string): string | Problem {
  const reason = text.normalize('NFC').trim().replaceAll(/\s+/gu, ' ')
  if (/\p{Cc}|\p{Cf}/u.test(reason)) return problem('reason', '`reason` holds characters that cannot be shown')
  if (reason.length > MOST) return problem('reason', `\`reason\` is longer than ${MOST} characters`)
  if (hasNationalId(reason)) return problem('reason', '`reason` names somebody by national id')
  if (reasonLength(reason) < SHORTEST_REASON)
    return problem('reason', `\`reason\` needs ${SHORTEST_REASON} characters that say something`)
  return reason
}
