import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import { type Problem, problem } from '@uthopp/smart-core/problem'

/** What a rule says about itself. Cedar gives annotations no meaning; we read them once, when a book is loaded (CE-6). */
export type RuleNotes = {
  readonly effect: 'permit' | 'forbid'
  readonly reasonCode: string
  readonly text: { readonly nb: string; readonly en: string }
  /** Each `type:what`. */
  readonly obligations: readonly { readonly type: 'audit' | 'notify'; readonly what: string }[]
  /** The fact a permit ends with. */
  readonly until: 'care' | 'glass' | null
  readonly requestable: 'break-glass' | null
}

const CODE = /^[a-z]+(?:-[a-z]+)*$/
const KNOWN = new Set([
  'reason_code',
  'deny_no',
  'deny_en',
  'permit_no',
  'permit_en',
  'obligation',
  'until',
  'requestable',
])

/** A misspelt annotation would be a sentence nobody reads or an obligation nobody performs, so it refuses the book. */
export function readNotes(id: string, { effect, annotations = {} }: PolicyJson): RuleNotes | Problem {
  const said = new Map<string, string>(Object.entries(annotations))
  const unknown = [...said.keys()].find((name) => !KNOWN.has(name))
  if (unknown !== undefined) return problem(id, `${id}: unknown annotation \`${unknown}\``)
  const word = effect === 'permit' ? 'permit' : 'deny'
  const [reasonCode = '', nb, en] = ['reason_code', `${word}_no`, `${word}_en`].map((name) => said.get(name))
  if (!CODE.test(reasonCode)) return problem(id, `${id}: \`reason_code\` is missing or no code`)
  if (!nb || !en) return problem(id, `${id}: \`${word}_no\` and \`${word}_en\` are needed`)
  const until = said.get('until') ?? null
  if (until !== null && until !== 'care' && until !== 'glass')
    return problem(id, `${id}: \`until\` must be care or glass`)
  const requestable = said.get('requestable') ?? null
  if (requestable !== null && requestable !== 'break-glass')
    return problem(id, `${id}: \`requestable\` must be break-glass`)
  const obligations: { readonly type: 'audit' | 'notify'; readonly what: string }[] = []
  for (const part of said.get('obligation')?.split(',') ?? []) {
    const [type, what] = part.trim().split(':')
    if ((type !== 'audit' && type !== 'notify') || !what) return problem(id, `${id}: unknown obligation \`${part}\``)
    obligations.push({ type, what })
  }
  return { effect, reasonCode, text: { nb, en }, obligations, until, requestable }
}
