import { findSearchParameter } from '@uthopp/smart-core/fhir/search-parameters'
import type { SearchParam, Touch } from '@uthopp/smart-core/fhir/search-query'
import { isNationalSystem, isStaffType, looksNational, namesOwner } from '@uthopp/smart-core/fhir/staff-numbers'

/** Modifiers under which a value is still one identifier, compared whole. */
const WHOLE: ReadonlySet<string | null> = new Set([null, 'exact', 'identifier', 'missing', 'not'])

/**
 * True when a parameter looks for somebody who works here by national id, or orders them by it: whether there is a match would
 * tell whose the number is. Through chains and `_has` likewise, and by what a reference says instead of an address.
 */
export function looksForStaffNumber({ compares, touches, kind, modifier, value }: SearchParam): boolean {
  if (kind === 'sort') return touches.some(isStaffIdentifier)
  const looks = compares.some(
    (compared) => isStaffIdentifier(compared) || (modifier === 'identifier' && maySayWhoWorksHere(compared)),
  )
  return looks && (!WHOLE.has(modifier) || value.replaceAll('\\', '').split(',').some(isNational))
}

const isStaffIdentifier = ({ type, param }: Touch): boolean =>
  param === 'identifier' && (type === '*' || isStaffType(type))

function maySayWhoWorksHere({ type, param }: Touch): boolean {
  const targets: readonly string[] = findSearchParameter(type, param)?.targets ?? ['*']
  const isOwner = namesOwner(param) && !targets.includes('Practitioner')
  return !isOwner && targets.some((target) => target === '*' || isStaffType(target))
}

/** `system|value`, or a value alone. */
function isNational(token: string): boolean {
  const bar = token.indexOf('|')
  return isNationalSystem(token.slice(0, Math.max(bar, 0))) || looksNational(token.slice(bar + 1))
}
