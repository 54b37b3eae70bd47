import type { Expr, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import { changedLeaves } from './leaves.ts'

export type Mutant = { readonly what: string; readonly rule: PolicyJson | null }

/**
 * Ways to weaken or turn a rule: without it, the other way round, without each part of each condition, with each number one
 * more or less, each comparison turned, each word another and each set without one of its members.
 */
export function* mutantsOf(rule: PolicyJson): Generator<Mutant> {
  yield { what: 'removed', rule: null }
  for (const [index, { kind, body }] of rule.conditions.entries()) {
    const turned = kind === 'when' ? 'unless' : 'when'
    yield { what: `condition ${index} turned round`, rule: withCondition(rule, index, turned, body) }
    for (const [what, poorer] of withoutOnePart(body))
      yield { what: `condition ${index} without ${what}`, rule: withCondition(rule, index, kind, poorer) }
    for (const [what, other] of changedLeaves(body))
      yield { what: `condition ${index} with ${what}`, rule: withCondition(rule, index, kind, other) }
  }
  if (rule.principal.op !== 'All' && rule.principal.op !== 'is')
    yield { what: 'of anybody', rule: { ...rule, principal: { op: 'All' } } }
}

function withCondition(rule: PolicyJson, index: number, kind: 'when' | 'unless', body: Expr): PolicyJson {
  return { ...rule, conditions: rule.conditions.with(index, { kind, body }) }
}

type Pair = { readonly left: Expr; readonly right: Expr }

function* withoutOnePart(expr: Expr): Generator<readonly [string, Expr]> {
  for (const operator of ['&&', '||'] as const) {
    const pair = pairOf(expr, operator)
    if (!pair) continue
    const { left, right } = pair
    yield [nameOf(left), right]
    yield [nameOf(right), left]
    for (const [what, poorer] of withoutOnePart(left)) yield [what, join(operator, poorer, right)]
    for (const [what, poorer] of withoutOnePart(right)) yield [what, join(operator, left, poorer)]
  }
}

const pairOf = (expr: Expr, operator: '&&' | '||'): Pair | undefined =>
  operator in expr ? (expr as unknown as Readonly<Record<string, Pair>>)[operator] : undefined // Cedar's JSON form of both

const join = (operator: '&&' | '||', left: Expr, right: Expr): Expr =>
  ({ [operator]: { left, right } }) as unknown as Expr // the same form

const nameOf = (expr: Expr): string => {
  const text = JSON.stringify(expr)
    .replaceAll(/"(?:left|right|Var|attr|Value|arg)":/g, '')
    .replaceAll(/[{}"]/g, '')
  return text.length > 90 ? `${text.slice(0, 90)}…` : text
}
