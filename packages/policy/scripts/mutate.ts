// Weakens or turns every rule in each of its parts, thresholds, words and lists, and demands that the corpus notices: a guard nobody would miss guards nothing.
import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import { isProblem } from '@uthopp/smart-core/problem'
import { cedar } from '../src/engine/cedar.ts'
import { actionUid, type CedarCase } from '../src/engine/cedar-case.ts'
import { assemble } from '../src/case/assemble.ts'
import { OWN_RULES, readRuleBook } from '../src/rules/rule-book.ts'
import { belts } from '../test/belts.ts'
import { CORPUS_TIME, corpus, toAsk } from '../test/corpus.ts'
import { mutantsOf } from './mutants.ts'

const out = (line: string): void => void process.stdout.write(`${line}\n`)
const book = await readRuleBook(OWN_RULES)
if (isProblem(book)) throw new Error(book.reason)

type Row = { readonly id: string; readonly asked: CedarCase }
const rows: readonly Row[] = [
  ...corpus.flatMap((row): Row[] => {
    const { ask, facts } = toAsk(row)
    const made = assemble(ask, facts, CORPUS_TIME)
    return made.kind === 'case' ? [{ id: row.id, asked: made.asked }] : []
  }),
  ...belts.map(({ id, asked }) => ({ id, asked })),
]
cedar.preparseSchema('mutate', book.schema)

function preparse(name: string, rules: ReadonlyMap<string, string | PolicyJson>): string | undefined {
  const parsed = cedar.preparsePolicySet(name, { staticPolicies: Object.fromEntries(rules) })
  return parsed.type === 'failure' ? (parsed.errors[0]?.message ?? 'failure') : undefined
}

/** Effect and rules in one word, to compare by. */
function answerOf(
  set: string,
  { namespace, action, principal, groups, attributes, resource, context }: CedarCase,
): string {
  const answer = cedar.statefulIsAuthorized({
    principal,
    action: { type: `${namespace}::Action`, id: action },
    resource,
    context,
    entities: [{ uid: principal, attrs: { ...attributes }, parents: groups.map((id) => ({ type: 'Ehr::Role', id })) }],
    preparsedPolicySetId: set,
    preparsedSchemaName: 'mutate',
    validateRequest: true,
  })
  if (answer.type === 'failure') return 'failure'
  const { decision, diagnostics } = answer.response
  return [diagnostics.errors.length > 0 ? 'error' : decision, ...[...diagnostics.reason].sort()].join(' ')
}

/** Parts said twice on purpose: a guard forbids what the permit does not give, so that neither is the only one to say it. */
const SAID_TWICE: ReadonlyMap<string, string> = new Map([
  ['citizen-launch: condition 0 without .:context,self', 'citizen-guard-own'],
  ['citizen-read-own: condition 0 without .:context,self', 'citizen-guard-own'],
  ['read-learning: condition 0 without ==:.:.:context,care,template,EGENLAER', 'guard-purpose'],
  ['issue-read-glass: condition 0 without contains:Set:[r,s],.:context,letter', 'issue-guard-glass'],
])

const started = Date.now()
let tried = 0
const survivors: string[] = []
for (const [id, text] of book.rules) {
  const actions = [...book.shelves].filter(([, ids]) => ids.includes(id)).map(([action]) => action)
  const touched = rows.filter(({ asked }) => actions.includes(actionUid(asked)))
  const beside = new Map(
    [...book.rules].filter(([other]) => actions.some((action) => book.shelves.get(action)?.includes(other))),
  )
  preparse('whole', beside)
  const expected = new Map(touched.map((row) => [row.id, answerOf('whole', row.asked)]))
  const parsed = cedar.policyToJson(text)
  if (parsed.type === 'failure') throw new Error(id)
  for (const { what, rule } of mutantsOf(parsed.json)) {
    tried += 1
    const mutated = new Map<string, string | PolicyJson>(beside)
    if (rule === null) mutated.delete(id)
    else mutated.set(id, rule)
    if (mutated.size === 0 || preparse('mutant', mutated) !== undefined) continue
    const noticed = touched.some((row) => answerOf('mutant', row.asked) !== expected.get(row.id))
    const name = `${id}: ${what}`
    if (!noticed && !SAID_TWICE.has(name)) survivors.push(name)
  }
}
out(
  `${tried} mutants of ${book.rules.size} rules against ${rows.length} cases in ${Math.round((Date.now() - started) / 1000)} s`,
)
for (const survivor of survivors) out(`survived  ${survivor}`)
if (survivors.length > 0) process.exitCode = 1
