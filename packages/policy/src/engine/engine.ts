import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'
import type { RuleBook } from '#src/rules/rule-book.ts'
import { cedar } from './cedar.ts'
import { actionUid, type CedarCase } from './cedar-case.ts'
import { type ParsedBook, parseBook, parseBookInTurns, releaseBook } from './parsed-books.ts'
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
  /** Parses a book in turns while the other serves on; what it answers puts the book in place, at once. */
  readonly prepare: (book: RuleBook) => Promise<(() => void) | Problem>
  readonly evaluate: (asked: CedarCase) => Verdict
  readonly version: () => string | undefined
  /** From here on nothing is permitted. */
  readonly close: () => void
}

/** What stands for the verdict nobody gave. */
export const NOT_EVALUATED: Verdict = { effect: 'deny', rules: [], fault: 'not evaluated' }

const denied = (fault: string): Verdict => ({ effect: 'deny', rules: [], fault })

export function createEngine(): Engine {
  let serving: ParsedBook | undefined

  function put(next: ParsedBook | undefined): void {
    if (serving) releaseBook(serving)
    serving = next
  }

  return {
    load: (book) => {
      const parsed = tried(() => parseBook(book))
      const next = isProblem(parsed) ? parsed : proved(parsed)
      if (isProblem(next)) return next
      put(next)
      return undefined
    },
    prepare: async (book) => {
      const parsed = await parseBookInTurns(book).catch(unloadable)
      const next = isProblem(parsed) ? parsed : proved(parsed)
      return isProblem(next) ? next : () => put(next)
    },
    evaluate: (asked) => (serving === undefined ? denied('rule-book-missing') : ask(serving, asked)),
    version: () => serving?.version,
    close: () => put(undefined),
  }
}

const unloadable = (thrown: unknown): Problem => problem('rules', `the rule book cannot be loaded: ${String(thrown)}`)

function tried<T>(work: () => T): T | Problem {
  try {
    return work()
  } catch (thrown) {
    return unloadable(thrown)
  }
}

/** A set and a schema that do not fit are found before they serve. */
function proved(next: ParsedBook): ParsedBook | Problem {
  const fault = PROBES.filter((probe) => next.shelves.has(actionUid(probe)))
    .map((probe) => ask(next, probe).fault)
    .find((each) => each !== null)
  if (fault === undefined) return next
  releaseBook(next)
  return problem('rules', `the rules cannot answer: ${fault}`)
}

/** Anything short of a clean allow is a deny: Cedar skips a rule that errors, and a skipped `forbid` opens the door (CE-5). */
function ask({ shelves, schema }: ParsedBook, asked: CedarCase): Verdict {
  const set = shelves.get(actionUid(asked))
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
      preparsedSchemaName: schema,
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
