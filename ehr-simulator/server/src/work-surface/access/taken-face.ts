import type { CareDecision } from '@uthopp/policy/facts'
import { DIALOG_TEMPLATES } from '#src/facts/templates.ts'

const GLASS = 'BTG'

const KINDS: ReadonlyMap<string, 'emergency' | 'glass' | 'learning'> = new Map([
  [GLASS, 'glass'],
  ['BLAALYS', 'emergency'],
  ['EGENLAER', 'learning'],
])

export const kindOf = (template: string): 'chosen' | 'emergency' | 'glass' | 'learning' =>
  KINDS.get(template) ?? 'chosen'

/** What a decision is called on screen. */
export const titleOf = (template: string): string =>
  template === GLASS
    ? 'Opphevet sperring'
    : (DIALOG_TEMPLATES.find(({ id }) => id === template)?.title ?? 'Grunnlag for tilgang')

/** Access somebody gave themselves, as long as it lasts. */
export const takenFace = (decision: Pick<CareDecision, 'id' | 'template' | 'validUntil'>, renewable: boolean) => ({
  decision: decision.id,
  title: titleOf(decision.template),
  kind: kindOf(decision.template),
  until: (decision.validUntil ?? new Date(0)).toISOString(),
  renewable,
})
