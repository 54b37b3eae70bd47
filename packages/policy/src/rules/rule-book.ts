import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'
import { cedar } from '#src/engine/cedar.ts'
import { type RuleNotes, readNotes } from './rule-notes.ts'

/** A set of rules as it was written, and what their annotations say. */
export type RuleBook = {
  /** The same for the same text, wherever it is read. */
  readonly version: string
  readonly schema: string
  /** Text by rule id. */
  readonly rules: ReadonlyMap<string, string>
  readonly notes: ReadonlyMap<string, RuleNotes>
  /** Rule ids by action (`Ehr::Action::"read"`): those that can match it at all. */
  readonly shelves: ReadonlyMap<string, readonly string[]>
}

/** The rules we ship. */
export const OWN_RULES: string = fileURLToPath(new URL('../../rules', import.meta.url))

/**
 * Reads a folder of one rule a file, the file's name being the rule's id, and `schema.cedarschema` beside them.
 *
 * `contents.txt` names every rule. Without it, a folder copied half-way, or with a guard lost on the road, would be a book
 * like any other, and one that forbids less.
 */
export async function readRuleBook(folder: string): Promise<RuleBook | Problem> {
  try {
    const files = (await readdir(folder)).filter((name) => name.endsWith('.cedar')).sort()
    const contents = (await readFile(join(folder, 'contents.txt'), 'utf8'))
      .split('\n')
      .filter((line) => line.trim() !== '')
    const found = files.map((file) => basename(file, '.cedar'))
    const odd = [...contents, ...found].find((id) => !contents.includes(id) || !found.includes(id))
    if (odd !== undefined) return problem(odd, `${odd}: the rules and contents.txt differ`)
    const schema = await readFile(join(folder, 'schema.cedarschema'), 'utf8')
    const texts = await Promise.all(
      files.map(async (file) => [basename(file, '.cedar'), await readFile(join(folder, file), 'utf8')] as const),
    )
    return makeRuleBook(schema, new Map(texts))
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unreadable'
    return problem('rules', `the rule book cannot be read (${code})`)
  }
}

/**
 * Accepts a book only without a single error or warning.
 *
 * A rule that Cedar finds impossible or inapplicable is a guard somebody believes in and does not have (CE-12).
 */
export function makeRuleBook(schema: string, rules: ReadonlyMap<string, string>): RuleBook | Problem {
  const version = versionOf(schema, rules)
  const book = read.get(version) ?? validated(version, schema, rules)
  if (read.size >= MOST_REMEMBERED) read.clear()
  read.set(version, book)
  return book
}

/** One process may serve several trusts by the same rules, and reading them takes a good part of a second. */
const read = new Map<string, RuleBook | Problem>()
const MOST_REMEMBERED = 8

function validated(version: string, schema: string, rules: ReadonlyMap<string, string>): RuleBook | Problem {
  if (rules.size === 0) return problem('rules', 'the rule book has no rules')
  const check = cedar.validate({ schema, policies: { staticPolicies: Object.fromEntries(rules) } })
  if (check.type === 'failure') return problem('rules', check.errors[0]?.message ?? 'the rule book cannot be parsed')
  // `validate` answers success even when it found errors: the lists decide.
  const [first] = [...check.validationErrors, ...check.validationWarnings]
  if (first) return problem(first.policyId, `${first.policyId}: ${first.error.message}`)
  const [other] = check.otherWarnings
  if (other) return problem('rules', other.message)
  const notes = new Map<string, RuleNotes>()
  const shelves = new Map<string, string[]>()
  const actionsOf = scopeReader(schema)
  for (const [id, text] of rules) {
    const parsed = cedar.policyToJson(text)
    if (parsed.type === 'failure') return problem(id, `${id}: ${parsed.errors[0]?.message ?? 'cannot be parsed'}`)
    const note = readNotes(id, parsed.json)
    if (isProblem(note)) return note
    notes.set(id, note)
    const actions = actionsOf(parsed.json)
    if (isProblem(actions)) return problem(id, `${id}: ${actions.reason}`)
    for (const action of actions) shelves.set(action, [...(shelves.get(action) ?? []), id])
  }
  return { version, schema, rules, notes, shelves }
}

/**
 * Finds the actions a rule can match, by Cedar's own reckoning.
 *
 * That depends on what stands before `when` alone, which many rules share; asking once each makes loading three times as fast.
 */
function scopeReader(schema: string): (rule: PolicyJson) => readonly string[] | Problem {
  const known = new Map<string, readonly string[]>()
  return ({ principal, action, resource }) => {
    const scope = JSON.stringify([principal, action, resource])
    const found = known.get(scope)
    if (found) return found
    const envs = cedar.getValidRequestEnvsPolicy(
      { effect: 'forbid', principal, action, resource, conditions: [] },
      schema,
    )
    if (envs.type === 'failure') return problem('rules', envs.error)
    known.set(scope, envs.actions)
    return envs.actions
  }
}

function versionOf(schema: string, rules: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256').update(schema)
  for (const [id, text] of [...rules].sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(`\0${id}\0${text}`)
  return hash.digest('hex').slice(0, 16)
}
