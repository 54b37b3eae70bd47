import type { Expr } from '@cedar-policy/cedar-wasm/nodejs'

type Node = Readonly<Record<string, unknown>>

/** Comparisons, and what a slip of the hand makes of them. */
const SLIPS: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>', '==': '!=', '!=': '==' }

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The same expression with one number, comparison, word or member of a set changed, and what it was. */
export function* changedLeaves(expr: Expr): Generator<readonly [what: string, changed: Expr]> {
  // Cedar's JSON form: an object of one operator, its operands below it.
  for (const [what, changed] of changesIn(expr)) yield [what, changed as unknown as Expr]
}

function* changesIn(node: unknown): Generator<readonly [string, Node]> {
  if (!isNode(node)) return
  const [operator] = Object.keys(node)
  if (operator === undefined) return
  const inside = node[operator]
  if (operator === 'Value') yield* otherValues(inside)
  else if (operator === 'Set' && Array.isArray(inside)) yield* smallerSets(inside)
  else if (isNode(inside)) {
    const slip = SLIPS[operator]
    if (slip !== undefined) yield [`${slip} for ${operator} at ${leafOf(inside)}`, { [slip]: inside }]
    for (const [name, operand] of Object.entries(inside))
      for (const [what, other] of changesIn(operand))
        yield [
          `${what} at ${leafOf(inside)}`.replace(/ at .* at /, ' at '),
          { [operator]: { ...inside, [name]: other } },
        ]
  }
}

function* otherValues(value: unknown): Generator<readonly [string, Node]> {
  if (typeof value === 'number')
    for (const other of [value - 1, value + 1]) yield [`${other} for ${value}`, { Value: other }]
  if (typeof value === 'string') yield [`another word for ${JSON.stringify(value)}`, { Value: `${value}~` }]
  if (typeof value === 'boolean') yield [`${!value}`, { Value: !value }]
}

function* smallerSets(members: readonly unknown[]): Generator<readonly [string, Node]> {
  // An empty set has no type, and Cedar takes no rule with one.
  if (members.length < 2) return
  for (const [index, member] of members.entries())
    yield [`no ${JSON.stringify(isNode(member) ? member['Value'] : member)}`, { Set: members.toSpliced(index, 1) }]
}

/** What is compared, in short. */
function leafOf(node: Node): string {
  const text = JSON.stringify(node).match(/"attr":"(?<name>[A-Za-z]+)"/)?.groups
  return text?.['name'] ?? '?'
}
