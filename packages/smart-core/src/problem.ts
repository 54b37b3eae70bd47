/**
 * What every parser answers when it cannot: the input it stopped at and one sentence why.
 *
 * The sentence is fit for an answer. The input quotes a stranger, perhaps what somebody searched for, and goes into no log.
 */
export type Problem = { readonly kind: 'problem'; readonly input: string; readonly reason: string }

/** A problem quotes hostile text back to people; this much is enough to recognise it. */
const LONGEST_QUOTE = 120
const LONGEST_REASON = 240

export function problem(input: string, reason: string): Problem {
  return { kind: 'problem', input: shortened(input, LONGEST_QUOTE), reason: shortened(reason, LONGEST_REASON) }
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'problem'
}

function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}
