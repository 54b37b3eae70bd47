import type { CareDecision } from '#src/facts.ts'
import type { AskedResource, DataAction, Letter } from '#src/question.ts'

const LETTER: Readonly<Record<DataAction, Letter>> = { create: 'c', read: 'r', update: 'u', delete: 'd', search: 's' }

/** Rules cannot join strings, so what a token must hold is spelt out for them (CE-3). */
export const grantsAsked = (action: DataAction, type: string, grants: readonly string[]) => ({
  requiredGrant: `${type}.${LETTER[action]}`,
  anyTypeGrant: `*.${LETTER[action]}`,
  grants: [...new Set(grants)].sort(),
})

export const itemOf = ({ type, id }: AskedResource): string => (id === null ? type : `${type}/${id}`)

/**
 * What rules may know an item by: its type, and its name only where a lifted block names it.
 *
 * INVARIANT: rules ask of an item no more than whether the lifted block names it, so all that it does not name are one case.
 * The star is no FHIR id, and unlike the bare type it is never among the named ones.
 */
export function itemUnder(glass: CareDecision | null, resource: AskedResource): string {
  if (glass === null || resource.id === null) return resource.type
  const name = itemOf(resource)
  return glass.items.includes(name) ? name : `${resource.type}/*`
}
