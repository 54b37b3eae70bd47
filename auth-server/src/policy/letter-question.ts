import type { Question } from '@uthopp/policy/question'
import { categoriesOf, type ScopeMember } from '@uthopp/smart-core/scope/letters'

/** Asks for one member of a scope. Only what the app is registered for comes this far. */
export function letterQuestion(member: ScopeMember): Question {
  if (member.kind === 'word') return { action: 'grantScope', scope: { other: member.scope, registered: true } }
  const { level, resourceType, letter, filters } = member
  const categories = categoriesOf(filters)
  return { action: 'grantScope', scope: { level, type: resourceType, letter, categories, registered: true } }
}
