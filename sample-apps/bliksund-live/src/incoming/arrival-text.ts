import { formatSpan } from '../format.ts'
import { riskLevel } from '../vitals/news2.ts'
import type { Urgency } from './transport.ts'

type UrgencyText = { readonly words: string; readonly color: 'danger' | 'warning' | 'success' | 'neutral' }

export const URGENCY_TEXT: Record<Urgency, UrgencyText> = {
  red: { words: 'Akutt (rød)', color: 'danger' },
  yellow: { words: 'Haster (gul)', color: 'warning' },
  green: { words: 'Vanlig (grønn)', color: 'success' },
  unknown: { words: 'Hastegrad ukjent', color: 'neutral' },
}

/** How long until, or how long past, the estimated arrival. */
export function arrivalText(arrives: Date | undefined, now: Date): string {
  if (!arrives) return 'Ankomst ikke meldt'
  const left = arrives.getTime() - now.getTime()
  if (left <= -60_000) return `forventet for ${formatSpan(-left)} siden`
  return left < 60_000 ? 'ankommer nå' : `om ${formatSpan(left)}`
}

/** A total of five or more names its risk; below that the sub-scores decide, and a message from the road has none. */
export function reportedScore(total: number): {
  readonly words: string
  readonly color: 'neutral' | 'warning' | 'danger'
} {
  const level = riskLevel(total, [])
  if (level.color === 'success' || level.color === 'neutral') return { words: `NEWS2 ${total}`, color: 'neutral' }
  return { words: `NEWS2 ${total}: ${level.words}`, color: level.color }
}
