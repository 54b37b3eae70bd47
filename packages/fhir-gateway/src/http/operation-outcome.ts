import { Refusal } from '@uthopp/server-kit/refusal'
import { isRecord, type Resource } from '@uthopp/smart-core/fhir/resource'
import { objectsOf, type JsonObject } from '#src/json.ts'
import { PolicyRefusal } from './policy-refusal.ts'

/** FHIR R4 IssueType for each status we answer; the code of a Refusal wins where it is an issue type itself. */
const ISSUE_BY_STATUS: ReadonlyMap<number, string> = new Map([
  [400, 'invalid'],
  [401, 'login'],
  [403, 'forbidden'],
  [404, 'not-found'],
  [405, 'not-supported'],
  [406, 'not-supported'],
  [409, 'conflict'],
  [410, 'not-found'],
  [412, 'conflict'],
  [413, 'too-long'],
  [415, 'not-supported'],
  [422, 'processing'],
  [429, 'throttled'],
  [502, 'exception'],
  [503, 'transient'],
  [504, 'timeout'],
])

/** Codes of refusals that are issue types more telling than that of their status. */
const OWN_ISSUES: ReadonlySet<string> = new Set(['multiple-matches', 'too-costly'])

/** A refusal that passes on which rules the server behind us found broken. */
export class OutcomeRefusal extends Refusal {
  readonly issues: readonly JsonObject[]

  constructor(status: number, hint: string, outcome: unknown) {
    super(status, ISSUE_BY_STATUS.get(status) ?? 'processing', hint)
    this.issues = scrubIssues(outcome)
  }
}

/**
 * A refusal as FHIR tells it. The correlation id stays in the headers: a body must not tell two refusals apart. Only a denial
 * by policy names it, which is none of those that stand for something hidden.
 */
export const outcomeOf = (refusal: Refusal): Resource => ({
  resourceType: 'OperationOutcome',
  issue: [
    {
      severity: 'error',
      code: OWN_ISSUES.has(refusal.code) ? refusal.code : (ISSUE_BY_STATUS.get(refusal.status) ?? 'exception'),
      ...(refusal instanceof PolicyRefusal ? { details: detailsOf(refusal) } : {}),
      diagnostics: refusal.hint,
    },
    ...(refusal instanceof OutcomeRefusal ? refusal.issues : []),
  ],
})

const WORDS = 'urn:uthopp:policy'

/** norway.md §6.4.4: the code, which decisions the person could make, and the id to quote; the sentence is for people. */
const detailsOf = ({ code, text, templates, correlationId }: PolicyRefusal): JsonObject => ({
  coding: [
    { system: `${WORDS}:reason`, code },
    ...templates.map((template) => ({ system: `${WORDS}:available-template`, code: template })),
    { system: `${WORDS}:correlation`, code: correlationId },
  ],
  text: text.nb,
})

const EXPRESSION = /^[A-Za-z]+(?:\.[A-Za-z]+(?:\[\d{1,4}\])?)*$/

/**
 * What may be told of an OperationOutcome made behind us: which rule, how bad, which element. Diagnostics and texts are
 * dropped, since they quote stored data and the innards of a server.
 */
function scrubIssues(outcome: unknown): readonly JsonObject[] {
  const issues = isRecord(outcome) ? objectsOf(outcome['issue']) : []
  return issues.slice(0, 20).map(scrubIssue)
}

function scrubIssue(issue: JsonObject): JsonObject {
  const word = (value: unknown, otherwise: string): string =>
    typeof value === 'string' && /^[a-z-]{1,20}$/.test(value) ? value : otherwise
  const expression = Array.isArray(issue['expression'])
    ? issue['expression'].filter((path): path is string => typeof path === 'string' && EXPRESSION.test(path))
    : []
  return {
    severity: word(issue['severity'], 'error'),
    code: word(issue['code'], 'processing'),
    ...(expression.length > 0 ? { expression } : {}),
  }
}
