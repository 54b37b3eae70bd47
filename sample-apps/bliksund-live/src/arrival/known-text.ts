import { closedLine, type Part } from '../smart/part.ts'

/** Names, that none is registered, or that nobody here knows: three answers, never taken for each other. */
export function knownText(part: Part<readonly string[]> | undefined): string {
  if (!part) return 'hentes …'
  if (part.kind === 'closed') return closedLine(part.failure).toLocaleLowerCase('nb-NO')
  return part.value.join(', ') || 'ingen funnet (kan være sperret)'
}
