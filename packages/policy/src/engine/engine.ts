import { type Problem, problem } from '@uthopp/smart-core/problem'
import type { RuleBook } from '#src/rules/rule-book.ts'
import { cedar } from './cedar.ts'
import { actionUid, type CedarCase } from './cedar-case.ts'
import { PROBES } from './probes.ts'

export type Verdict = {
  readonly effect: 'permit' | 'deny'
  /** Rules that decided, sorted. None: nothing permitted. */
  readonly rules: readonly string[]
  /** Set when Cedar could not answer cleanly; then the effect is deny. */
  readonly fault: string | null
}

/** What Cedar is read and pre-parsed into, on this thread. */
export type Engine = {
  /** Puts a book in place of the one serving, or says why not and leaves that one serving. */
  readonly load: (book: RuleBook) => Problem | undefined
  readonly evaluate: (asked: CedarCase) => Verdict
  readonly version: () => string | undefined
}

type Colour = 'blue' | 'green'
type Serving = { readonly colour: Colour; readonly version: string; readonly shelves: ReadonlyMap<string, string> }

const denied = (fault: string): Verdict => ({ effect: 'deny', rules: [], fault })
// Cedar keeps what is pre-parsed for the whole thread and for good, so every engine of a thread has names of its own (CE-24).
let engines = 0

export function createEngine(): Engine {
  const name = `uthopp-${(engines += 1)}`
  let serving: Serving | undefined

  /** Only rules that can match an action are put to it: a call copies its whole set, so half the rules cost half (CE-19). */
  function preparse(book: RuleBook, colour: Colour): Serving | Problem {
    const schema = cedar.preparseSchema(`${name}-${colour}`, book.schema)
    if (schema.type === 'failure') return problem('schema', schema.errors[0]?.message ?? 'the schema cannot be parsed')
    const setOf = new Map<string, string>()
    const shelves = new Map<string, string>()
    for (const [action, ids] of book.shelves) {
      const contents = ids.join('\n')
      const set = setOf.get(contents) ?? `${name}-${colour}-${setOf.size}`
      if (!setOf.has(contents)) {
        const staticPolicies = Object.fromEntries(ids.map((id) => [id, book.rules.get(id) ?? '']))
        const parsed = cedar.preparsePolicySet(set, { staticPolicies })
        if (parsed.type === 'failure')
          return problem('rules', parsed.errors[0]?.message ?? 'the rules cannot be parsed')
        setOf.set(contents, set)
      }
      shelves.set(action, set)
    }
    return { colour, version: book.version, shelves }
  }

  return {
    load: (book) => {
      try {
        const next = preparse(book, serving?.colour === 'blue' ? 'green' : 'blue')
        if ('kind' in next) return next
        const fault = PROBES.filter((probe) => next.shelves.has(actionUid(probe)))
          .map((probe) => ask(next, name, probe).fault)
          .find((each) => each !== null)
        if (fault !== undefined) return problem('rules', `the rules cannot answer: ${fault}`)
        serving = next
        return undefined
      } catch (thrown) {
        return problem('rules', `the rule book cannot be loaded: ${String(thrown)}`)
      }
    },
    evaluate: (asked) => (serving === undefined ? denied('rule-book-missing') : ask(serving, name, asked)),
    version: () => serving?.version,
  }
}

/** Anything short of a clean allow is a deny: Cedar skips a rule that errors, and a skipped `forbid` opens the door (CE-5). */
function ask(serving: Serving, name: string, asked: CedarCase): Verdict {
  const set = serving.shelves.get(actionUid(asked))
  if (set === undefined) return denied(`no rule speaks of ${asked.action}`)
  const { namespace, principal, groups, attributes, resource, context } = asked
  try {
    const answer = cedar.statefulIsAuthorized({
      principal,
      action: { type: `${namespace}::Action`, id: asked.action },
      resource,
      context,
      entities: [
        { uid: principal, attrs: { ...attributes }, parents: groups.map((id) => ({ type: `${namespace}::Role`, id })) },
      ],
      preparsedPolicySetId: set,
      preparsedSchemaName: `${name}-${serving.colour}`,
      validateRequest: true,
    })
    if (answer.type === 'failure') return denied(answer.errors.map(({ message }) => message).join('; '))
    const { decision, diagnostics } = answer.response
    const rules = [...diagnostics.reason].sort()
    if (diagnostics.errors.length > 0)
      return {
        effect: 'deny',
        rules,
        fault: `rule error in ${diagnostics.errors.map(({ policyId }) => policyId).join()}`,
      }
    return { effect: decision === 'allow' ? 'permit' : 'deny', rules, fault: null }
  } catch (thrown) {
    return denied(String(thrown))
  }
}
