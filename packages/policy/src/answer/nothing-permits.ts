import type { CedarCase } from '#src/engine/cedar-case.ts'
import type { EngineReason } from './reasons.ts'

/**
 * Says why no rule permitted, for a denial no rule forbade.
 *
 * It decides nothing: the rules have, and another book may draw its lines elsewhere. It picks the sentence that fits the case.
 */
export function whyNothingPermits({ namespace, action, context, groups }: CedarCase): EngineReason {
  // Being in the care team is a relation for those who give care, and for nobody else.
  const cares = groups.includes('clinical')
  if (action === 'grantOther') return 'scope-unknown'
  if (namespace === 'Backend') return action === 'delete' ? 'never-deleted' : 'service-not-entitled'
  if (namespace === 'Citizen') {
    if (context['self'] !== true) return 'not-own-record'
    return action === 'grantScope' ? 'letter-not-issued' : 'not-for-apps'
  }
  switch (action) {
    case 'grantScope':
      return whyNoLetter(context, cares)
    case 'launch':
      return context['purpose'] === 'BTG' ? 'sign-in-too-weak' : 'no-care-relation'
    case 'selfAuthorize':
    case 'breakGlass':
      return whyNotAsked(action, context)
    default:
      return whyNoData(action, context, cares)
  }
}

type Context = CedarCase['context']

const asNumber = (value: unknown): number => (typeof value === 'number' ? value : 0)

function whyNoData(action: string, context: Context, cares: boolean): EngineReason {
  const writing = action !== 'read' && action !== 'search'
  if (action === 'delete') return 'never-deleted'
  if (context['patient'] === '') return 'not-for-apps'
  if (context['purpose'] === 'BTG') return writing ? 'break-glass-read-only' : 'break-glass-does-not-cover'
  const related = cares && isRelated(context)
  if (!related && context['care'] === undefined) return 'no-care-relation'
  if (asNumber(context['sensitivity']) > 2) return 'sensitivity-too-high'
  if (!related && !coveredByCare(context)) return 'decision-does-not-cover'
  if (writing) return 'writing-not-covered'
  return coveredByCare(context) ? 'no-care-relation' : 'sensitivity-too-high'
}

function whyNoLetter(context: Context, cares: boolean): EngineReason {
  const { level, letter } = context
  if (level === 'system') return 'level-not-issued'
  if (letter === 'd') return 'letter-not-issued'
  const reading = letter === 'r' || letter === 's'
  if (level === 'user')
    return reading && context['purpose'] === 'BTG' ? 'break-glass-does-not-cover' : 'letter-not-issued'
  if (context['patient'] === '') return 'no-patient-in-launch'
  return whyNoData(reading ? 'read' : 'update', context, cares)
}

function whyNotAsked(action: 'selfAuthorize' | 'breakGlass', context: Context): EngineReason {
  if (context['patient'] === '') return 'question-malformed'
  if (asNumber(context['reasonChars']) < 10) return 'reason-too-short'
  const glass = action === 'breakGlass'
  if (asNumber(context['acr']) < (glass ? 4 : 3)) return 'sign-in-too-weak'
  if (!glass) return 'template-not-for-role'
  if (context['confirmed'] !== true) return 'confirmation-missing'
  const { items } = context
  return Array.isArray(items) && items.length === 0 ? 'items-missing' : 'role-may-not-break-glass'
}

const isRelated = (context: Context): boolean => context['inCareTeam'] === true || context['ownUnit'] === true

function coveredByCare({ care, fhirType }: Context): boolean {
  if (typeof care !== 'object' || care === null || !('elements' in care)) return false
  const { elements } = care
  return Array.isArray(elements) && (elements.includes('*') || elements.some((element) => element === fhirType))
}
