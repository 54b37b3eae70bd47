import { hash } from 'node:crypto'
import type { TakenDecision } from './taken-decisions.ts'

/** What opens a record in an emergency: looked at one by one (norway.md §6.3.1). */
export const EMERGENCIES = ['BLAALYS', 'BTG'] as const
const ALWAYS: ReadonlySet<string> = new Set(EMERGENCIES)
/** Of the rest, every fifth. */
const SAMPLE = 5

/** Decided by the id, so that the same entry is in the sample for whoever looks, and nobody can choose. */
export const mustReview = ({ id, template }: Pick<TakenDecision, 'id' | 'template'>): boolean =>
  ALWAYS.has(template) || Number.parseInt(hash('sha256', id).slice(0, 8), 16) % SAMPLE === 0
