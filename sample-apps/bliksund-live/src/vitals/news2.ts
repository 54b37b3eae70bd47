import { at, dateAt, hasCode, type Json, listAt, numberAt } from '../smart/json.ts'

/** SNOMED CT codes of the Norwegian NEWS2 profile: the total, and the sub-score of each sign. */
export const NEWS2 = '1104051000000101'
const PARTS = {
  respirations: ['1104301000000104'],
  saturation: ['1104311000000102', '1104321000000108'],
  pressure: ['1104341000000101'],
  pulse: ['1104351000000103'],
  temperature: ['1104371000000107'],
  oxygen: ['1104331000000105'],
  consciousness: ['1104361000000100'],
} as const

export type News2Part = keyof typeof PARTS
export type News2 = {
  readonly total: number
  readonly at: Date
  readonly parts: ReadonlyMap<News2Part, number>
}

/** The recorded score; this app never computes one of its own. */
export function parseNews2(observation: Json): News2 | undefined {
  if (!hasCode(at(observation, 'code'), NEWS2)) return undefined
  const total = numberAt(observation, 'valueQuantity', 'value') ?? numberAt(observation, 'valueInteger')
  const scored = dateAt(observation, 'effectiveDateTime')
  if (total === undefined || !scored) return undefined
  const components = listAt(observation, 'component')
  const parts = new Map<News2Part, number>()
  for (const part of [
    'respirations',
    'saturation',
    'pressure',
    'pulse',
    'temperature',
    'oxygen',
    'consciousness',
  ] as const) {
    const component = components.find((candidate) => hasCode(at(candidate, 'code'), ...PARTS[part]))
    const points = numberAt(component, 'valueQuantity', 'value') ?? numberAt(component, 'valueInteger')
    if (points !== undefined) parts.set(part, points)
  }
  return { total, at: scored, parts }
}

export type RiskLevel = { readonly color: 'neutral' | 'success' | 'warning' | 'danger'; readonly words: string }

/** The four answers of NEWS2 (Royal College of Physicians 2017): a single three asks for more than a low total does. */
export function riskLevel(total: number, parts: Iterable<number>): RiskLevel {
  if (total >= 7) return { color: 'danger', words: 'høy risiko' }
  if (total >= 5) return { color: 'warning', words: 'middels risiko' }
  for (const points of parts) if (points >= 3) return { color: 'warning', words: 'lav til middels risiko' }
  return { color: total === 0 ? 'neutral' : 'success', words: 'lav risiko' }
}
