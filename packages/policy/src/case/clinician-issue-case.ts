import type { CedarCase } from '#src/engine/cedar-case.ts'
import type { AskedLetter, Circumstance } from '#src/question.ts'
import { formatApp, formatLeaning } from './context.ts'
import { sensitivityOfScope } from './labels.ts'
import type { Leaning } from './leaning.ts'

type IssueBasics = {
  readonly now: number
  readonly purpose: string
  readonly acr: number
  readonly patient: string
  readonly inCareTeam: boolean
  readonly ownUnit: boolean
}

/**
 * One letter of a requested scope. Blocks take no part: fewer scopes for one patient than for another would tell every app
 * that something is blocked, so the letters are given and the blocked rows are not.
 */
export function clinicianIssueCase(
  scope: AskedLetter,
  circumstance: Circumstance,
  basics: IssueBasics,
  leaning: Leaning,
): Pick<CedarCase, 'action' | 'resource' | 'context'> {
  const { mayWrite, ...app } = formatApp(circumstance)
  const { registered } = scope
  if ('other' in scope) {
    const { now, purpose, acr } = basics
    const leant = formatLeaning({ care: null, glass: leaning.glass })
    return {
      action: 'grantOther',
      resource: { type: 'Ehr::ScopeAsk', id: 'other' },
      context: { now, purpose, acr, ...app, registered, scope: scope.other, sensitivity: 0, ...leant },
    }
  }
  const { level, type, letter, categories } = scope
  return {
    action: 'grantScope',
    resource: { type: 'Ehr::ScopeAsk', id: level },
    context: {
      ...basics,
      ...app,
      mayWrite,
      registered,
      level,
      fhirType: type,
      letter,
      sensitivity: sensitivityOfScope(type, categories),
      ...formatLeaning(leaning),
    },
  }
}
