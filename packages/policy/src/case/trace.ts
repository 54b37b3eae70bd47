import type { Context } from '@cedar-policy/cedar-wasm/nodejs'
import { type Problem, problem } from '@uthopp/smart-core/problem'
import type { DecisionTrace } from '#src/answer.ts'
import type { Ask } from '#src/decision-point.ts'
import { actionUid, type CedarCase, type Uid } from '#src/engine/cedar-case.ts'
import { itemOf } from './interaction.ts'

const NAMESPACE = { clinician: 'Ehr', citizen: 'Citizen', client: 'Backend' } as const
const PRINCIPAL = { clinician: 'Ehr::Clinician', citizen: 'Citizen::Person', client: 'Backend::Client' } as const

/** What a person may recognise the thing asked about by. Rules see less: equal rows are equal cases to them. */
function subjectMatter({ question, circumstance }: Ask): string {
  switch (question.action) {
    case 'grantScope':
      return 'other' in question.scope
        ? question.scope.other
        : `${question.scope.level}/${question.scope.type}.${question.scope.letter}`
    case 'launch':
      return question.app
    case 'selfAuthorize':
    case 'breakGlass':
      return `Patient/${circumstance.launchPatient ?? ''}`
    default:
      return itemOf(question.resource)
  }
}

/** The case as it was put to the rules, with who asked beside it, so that it can be put to other rules later. */
export function traceOf(ask: Ask, asked: CedarCase): DecisionTrace {
  const { groups, attributes, resource, context } = asked
  return {
    action: actionUid(asked),
    principal: `${asked.principal.type}::"${asked.principal.id}"`,
    resource: subjectMatter(ask),
    context: { ...context, about: resource, who: { groups, attributes } },
  }
}

/** What is left to say when the question never became a case. */
export const traceOfFault = (ask: Ask, code: string): DecisionTrace => ({
  action: `${NAMESPACE[ask.subject.kind]}::Action::"${ask.question.action}"`,
  principal: `${PRINCIPAL[ask.subject.kind]}::"${ask.subject.id}"`,
  resource: subjectMatter(ask),
  context: { fault: code },
})

const ACTION = /^(?<namespace>Ehr|Citizen|Backend)::Action::"(?<action>[A-Za-z]+)"$/
const ENTITY = /^(?<type>[A-Za-z]+::[A-Za-z]+)::"(?<id>.*)"$/s

/** Reads a stored trace back into the case it was; a question that never became one cannot be put again. */
export function parseTrace(trace: DecisionTrace): CedarCase | Problem {
  const action = ACTION.exec(trace.action)?.groups
  const principal = ENTITY.exec(trace.principal)?.groups
  const { about, who, ...context } = trace.context
  const namespace = action?.['namespace']
  if (namespace !== 'Ehr' && namespace !== 'Citizen' && namespace !== 'Backend')
    return problem(trace.action, 'the action is not one of ours')
  if (!action?.['action'] || !principal?.['type'] || principal['id'] === undefined)
    return problem(trace.principal, 'the principal is not one of ours')
  if (!isUid(about) || !isWho(who)) return problem('context', 'the question never became a case')
  return {
    namespace,
    action: action['action'],
    principal: { type: principal['type'], id: principal['id'] },
    groups: who.groups,
    attributes: who.attributes,
    resource: { type: about.type, id: about.id },
    context: context as Context, // Cedar checks every member against the schema when it is asked
  }
}

type Who = Pick<CedarCase, 'groups' | 'attributes'>

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isUid = (value: unknown): value is Uid =>
  isRecord(value) && typeof value['type'] === 'string' && typeof value['id'] === 'string'

const isWho = (value: unknown): value is Who =>
  isRecord(value) &&
  Array.isArray(value['groups']) &&
  value['groups'].every((group) => typeof group === 'string') &&
  isRecord(value['attributes']) &&
  Object.values(value['attributes']).every((held) => typeof held === 'string' || typeof held === 'boolean')
