import { parseArgs } from 'node:util'
import { ConfigProblem } from '@uthopp/server-kit/config'
import { isProblem } from '@uthopp/smart-core/problem'
import { parseScope } from '@uthopp/smart-core/scope/scope'
import { scopesIn } from '@uthopp/smart-core/scope/tokens'
import type { Admitted } from '#src/storage/initial-tokens.ts'

const USAGE =
  'usage: npm run registration-token -- --trust <orgnr> [--uses 1] [--days 7] [--zone external|internal] [--approve --scope "<scopes>"] | --list | --withdraw <name>'

/** What an operator wants of the initial access tokens of one trust. */
export type TokenWish = { readonly trust: string } & (
  | ({ readonly kind: 'give'; readonly uses: number; readonly days: number } & Admitted)
  | { readonly kind: 'list' }
  | { readonly kind: 'withdraw'; readonly name: string }
)

const OPTIONS = {
  trust: { type: 'string' },
  uses: { type: 'string', default: '1' },
  days: { type: 'string', default: '7' },
  zone: { type: 'string', default: 'external' },
  approve: { type: 'boolean', default: false },
  scope: { type: 'string' },
  list: { type: 'boolean', default: false },
  withdraw: { type: 'string' },
} as const

const number = (text: string, name: string, most: number): number => {
  if (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= most) return Number(text)
  throw new ConfigProblem([`--${name}: \`${text}\` is not a number from 1 to ${most}`])
}

/** A bound that is misspelt would bound something else. */
function readScope(text: string | undefined): string | null {
  if (text === undefined) return null
  const scopes = scopesIn(text)
  const wrong = scopes.find((scope) => isProblem(parseScope(scope)))
  if (scopes.length === 0 || wrong !== undefined)
    throw new ConfigProblem([`--scope: \`${wrong ?? text}\` is not a scope`])
  return scopes.join(' ')
}

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({ options: OPTIONS, args: [...args] }).values
  } catch (error) {
    if (error instanceof TypeError) throw new ConfigProblem([USAGE], { cause: error }) // what `parseArgs` throws
    throw error
  }
}

/** Reads the words of the command; throws the problem as one line. */
export function readTokenWish(args: readonly string[]): TokenWish {
  const { trust, uses, days, zone, approve: approved, list, withdraw: name, ...rest } = valuesOf(args)
  if (trust === undefined || (list && name !== undefined)) throw new ConfigProblem([USAGE])
  if (list) return { kind: 'list', trust }
  if (name !== undefined) return { kind: 'withdraw', trust, name }
  if (zone !== 'external' && zone !== 'internal')
    throw new ConfigProblem([`--zone: \`${zone}\` is neither external nor internal`])
  const scope = readScope(rest.scope)
  if (approved && scope === null)
    throw new ConfigProblem(['--approve: needs --scope, the most that the trust approves of an app it has not seen'])
  return {
    kind: 'give',
    trust,
    zone,
    approved,
    scope,
    uses: number(uses, 'uses', 100),
    days: number(days, 'days', 90),
  }
}
