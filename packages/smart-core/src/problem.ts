/** What every parser answers when it cannot: the input it stopped at and one sentence why. */
export type Problem = { readonly kind: 'problem'; readonly input: string; readonly reason: string }

/** A problem quotes hostile text back to people; this much is enough to recognise it. */
const LONGEST_QUOTE = 120

export function problem(input: string, reason: string): Problem {
  return { kind: 'problem', input: input.length > LONGEST_QUOTE ? `${input.slice(0, LONGEST_QUOTE)}…` : input, reason }
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'problem'
}
