import type { CareDecision } from '@uthopp/policy/facts'
import { DIALOG_TEMPLATES } from '#src/facts/templates.ts'

const GLASS = 'BTG'
const EMERGENCY = 'BLAALYS'

export const kindOf = (template: string): 'chosen' | 'emergency' | 'glass' =>
  template === GLASS ? 'glass' : template === EMERGENCY ? 'emergency' : 'chosen'

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
