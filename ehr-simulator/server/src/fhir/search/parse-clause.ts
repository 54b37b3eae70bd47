import { ANNOUNCED } from '../definitions/announced.ts'
import { allParameters, type Parameter } from '../definitions/parameters.ts'
import { badRequest, notSupported, tooCostly } from '../outcome.ts'
import { LIMITS } from './limits.ts'
import { alternatives, dateTest, parseTest } from './parse-values.ts'
import type { Clause } from './search-plan.ts'

const ID = /^[A-Za-z0-9\-.]{1,64}$/

export function requireParameter(type: string, code: string): Parameter {
  const parameter = allParameters().get(type)?.get(code)
  // The name is echoed only in the form a parameter can have, so that an error cannot carry somebody's data.
  const shown = /^[A-Za-z_-]{1,40}$/.test(code) ? ` \`${code}\`` : ''
  if (!parameter) throw notSupported(`unknown search parameter${shown} for ${type}`)
  return parameter
}

function requireReference(type: string, code: string): Parameter {
  const parameter = requireParameter(type, code)
  if (parameter.kind !== 'reference')
    throw badRequest(`\`${code}\` of ${type} is not a reference, so nothing can be chained through it`)
  return parameter
}

function deeper(steps: number): number {
  if (steps >= LIMITS.chainSteps) throw tooCostly(`a search may chain through at most ${LIMITS.chainSteps} references`)
  return steps + 1
}

/** `_has:Observation:patient:code=…`: what points here, and what must hold of it (R4 search.html#has). */
function parseHas(type: string, name: string, value: string, bases: readonly string[], steps: number): Clause {
  const [, source = '', reference = '', ...rest] = name.split(':')
  if (!ANNOUNCED.has(source) || rest.length === 0)
    throw badRequest('`_has` is of the form _has:Type:reference:parameter')
  const parameter = requireReference(source, reference)
  if (!parameter.targets.includes(type)) throw badRequest(`\`${reference}\` of ${source} does not point at ${type}`)
  return {
    kind: 'has',
    target: type,
    parameter,
    clause: parseClause(source, rest.join(':'), value, bases, deeper(steps)),
  }
}

/** `subject:Patient.name=…` or, where the reference leaves no doubt or every doubt may be tried, `subject.name=…`. */
function parseChain(type: string, name: string, value: string, bases: readonly string[], steps: number): Clause {
  const dot = name.indexOf('.')
  const [code = '', targetType] = name.slice(0, dot).split(':')
  const rest = name.slice(dot + 1)
  const parameter = requireReference(type, code)
  if (targetType !== undefined && !parameter.targets.includes(targetType))
    throw badRequest(`\`${code}\` of ${type} does not point at that type`)
  const first = rest.split(/[.:]/, 1)[0] ?? ''
  const known = (candidate: string) => first.startsWith('_') || allParameters().get(candidate)?.has(first) === true
  const types = targetType === undefined ? parameter.targets.filter(known) : [targetType]
  if (types.length === 0) throw notSupported(`unknown chained search parameter after \`${code}\``)
  const inside = deeper(steps)
  const branches = types.map((target) => ({ type: target, clause: parseClause(target, rest, value, bases, inside) }))
  const chain: Clause = { kind: 'chain', parameter, branches }
  if (branchesOf(chain) > LIMITS.chainBranches)
    throw tooCostly('a chain must say which type it goes through: parameter:Type.parameter')
  return chain
}

/** How many searches a clause stands for. A chain through `Task.focus` may point at every type there is. */
function branchesOf(clause: Clause): number {
  if (clause.kind === 'has') return branchesOf(clause.clause)
  if (clause.kind !== 'chain') return 1
  return clause.branches.reduce((sum, branch) => sum + branchesOf(branch.clause), 0)
}

function parseBoolean(value: string): boolean {
  if (value !== 'true' && value !== 'false') throw badRequest('`:missing` is `true` or `false`')
  return value === 'true'
}

/** Reads one search parameter that is a condition on the data. Throws a 400 OperationOutcome for anything not offered. */
export function parseClause(type: string, name: string, value: string, bases: readonly string[], steps = 0): Clause {
  if (name.startsWith('_has:')) return parseHas(type, name, value, bases, steps)
  if (name.includes('.')) return parseChain(type, name, value, bases, steps)
  if (name === '_id') {
    const ids = alternatives(value)
    return { kind: 'id', ids: ids.filter((id) => ID.test(id)) } // what cannot be an id is nobody's
  }
  if (name === '_lastUpdated') return { kind: 'last-updated', tests: alternatives(value).map(dateTest) }
  const [code = '', modifier = '', ...more] = name.split(':')
  const parameter = requireParameter(type, code)
  if (more.length > 0) throw badRequest('a search parameter takes one modifier')
  if (modifier === 'missing') return { kind: 'missing', parameter, missing: parseBoolean(value) }
  const negated = modifier === 'not' && parameter.kind === 'token'
  const tests = alternatives(value).map((each) => parseTest(each, parameter, negated ? '' : modifier, bases))
  return { kind: 'values', parameter, negated, tests }
}
