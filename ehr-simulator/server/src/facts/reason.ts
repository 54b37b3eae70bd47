import { type Problem, problem } from '@uthopp/smart-core/problem'
import { DIALOG_TEMPLATES } from './templates.ts'

const LEAST = 10
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

const folded = (text: string): string =>
  text
    .normalize('NFKC')
    .toLocaleLowerCase('nb')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
const ours = new Set(OURS.map(folded))

/** Whatever stands there again and again counts once: one character, a pattern, or a word. */
function withoutRepeats(text: string): string {
  const words = folded(text).split(' ')
  const once = [...new Set(words)].join(' ')
  return once.replace(/(.{1,12}?)\1{2,}/gu, '$1')
}

/** How many letters and digits say something; no other part of a reason reaches policy (authzen-and-cedar CE-35, CE-36). */
export const reasonLength = (text: string): number =>
  ours.has(folded(text)) ? 0 : withoutRepeats(text).replaceAll(' ', '').length

/** Reads the words somebody gives for an access of their own choosing; the patient and the leader will read them. */
export function parseReason(text: string): string | Problem {
  const reason = text.normalize('NFC').trim().replaceAll(/\s+/gu, ' ')
  if (/\p{Cc}|\p{Cf}/u.test(reason)) return problem('reason', '`reason` holds characters that cannot be shown')
  if (reason.length > MOST) return problem('reason', `\`reason\` is longer than ${MOST} characters`)
  if (reasonLength(reason) < LEAST) return problem('reason', `\`reason\` needs ${LEAST} characters that say something`)
  return reason
}
