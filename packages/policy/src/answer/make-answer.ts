import { randomUUID } from 'node:crypto'
import type { Answer, Requestable } from '#src/answer.ts'
import type { AssembledCase } from '#src/case/assembly.ts'
import { traceOf, traceOfFault } from '#src/case/trace.ts'
import type { Ask } from '#src/decision-point.ts'
import type { CedarCase } from '#src/engine/cedar-case.ts'
import type { CareDecision } from '#src/facts.ts'
import { NOT_EVALUATED, type Verdict } from '#src/engine/engine.ts'
import type { RuleBook } from '#src/rules/rule-book.ts'
import type { RuleNotes } from '#src/rules/rule-notes.ts'
import type { Asking } from './asking.ts'
import { whyNothingPermits } from './nothing-permits.ts'
import { denyObligations, permitObligations } from './obligations-of.ts'
import { BLOCKED, type EngineReason, FORBID_ORDER, type ReasonText, textOf } from './reasons.ts'
import { isHeldByBlock, unblocked } from './unblocked.ts'

export type Deciding = { readonly book: RuleBook; readonly asking: Asking }

/** What the rules say of a case, and what they would say were it not blocked; asked only where nothing but a block forbids. */
export type Verdicts = { readonly verdict: Verdict; readonly otherwise: Verdict }

/** A deny for trouble, or for a question that never became a case. */
export function faultAnswer(
  ask: Ask,
  code: EngineReason,
  policyVersion: string,
  requestable: Requestable | null = null,
): Answer {
  return {
    effect: 'deny',
    decisionId: randomUUID(),
    policyVersion,
    rules: [],
    reasonCode: code,
    reasonText: textOf(code),
    obligations: denyObligations(ask.question.action, false),
    validUntil: null,
    careDecision: ask.circumstance.decision,
    purpose: ask.circumstance.purpose,
    requestable,
    trace: traceOfFault(ask, code),
  }
}

/** Turns what the rules said into what an enforcement point may act on and a person may read. */
export function makeAnswer(
  ask: Ask,
  made: AssembledCase,
  verdicts: Verdicts,
  at: Date,
  { book, asking }: Deciding,
): Answer {
  const { verdict } = verdicts
  const { asked, leaning } = made
  const leant = leaning.glass ?? leaning.care
  const notes = verdict.rules.map((id) => book.notes.get(id)).filter((note) => note !== undefined)
  const shared = {
    decisionId: randomUUID(),
    policyVersion: book.version,
    rules: verdict.rules,
    purpose: leaning.purpose === '' ? null : leaning.purpose,
    trace: traceOf(ask, asked),
  }
  const named = ask.circumstance.decision
  if (verdict.effect === 'permit') {
    const ends = permitEnd(notes, leaning.care, leaning.glass, named)
    const [first] = notes
    return {
      ...shared,
      effect: 'permit',
      reasonCode: first?.reasonCode ?? 'permitted',
      reasonText: first?.text ?? { nb: 'Tilgang gitt.', en: 'permitted' },
      obligations: permitObligations(ask.question.action, notes, ends, at),
      validUntil: ends,
      careDecision: named ?? (notes.some(({ until }) => until !== null) ? (leant?.id ?? null) : null),
      requestable: null,
    }
  }
  const why = whyDenied(asked, verdicts, { book, asking })
  return {
    ...shared,
    effect: 'deny',
    reasonCode: why.code,
    reasonText: why.text,
    obligations: denyObligations(ask.question.action, why.code === BLOCKED && why.requestable !== null),
    validUntil: null,
    careDecision: named,
    requestable: why.requestable,
  }
}

/** A permit lasts as long as the last rule that gives it, and never past the decision the launch was made under (RA-14). */
function permitEnd(
  notes: readonly RuleNotes[],
  care: CareDecision | null,
  glass: CareDecision | null,
  named: string | null,
): Date | null {
  const bound = named === null ? null : ((glass ?? care)?.validUntil ?? null)
  let last: Date | null = new Date(0)
  for (const { until } of notes) {
    const end = until === 'care' ? care?.validUntil : until === 'glass' ? glass?.validUntil : null
    if (end === null || end === undefined) last = null
    else if (last !== null && end > last) last = end
  }
  if (notes.length === 0) last = null
  if (last === null || bound === null) return last ?? bound
  return last < bound ? last : bound
}

type Why = { readonly code: string; readonly text: ReasonText; readonly requestable: Requestable | null }

function whyDenied(asked: CedarCase, { verdict, otherwise }: Verdicts, deciding: Deciding): Why {
  const { book, asking } = deciding
  const acr = typeof asked.context['acr'] === 'number' ? asked.context['acr'] : 0
  if (verdict.fault !== null) {
    const code = verdict.fault === 'rule-book-missing' ? 'rule-book-missing' : 'rule-error'
    return { code, text: textOf(code), requestable: null }
  }
  const forbids = verdict.rules
    .map((id) => book.notes.get(id))
    .filter((note) => note !== undefined)
    .toSorted((one, other) => position(one) - position(other))
  const open = forbids.find(({ reasonCode }) => reasonCode !== BLOCKED)
  if (open) return { code: open.reasonCode, text: open.text, requestable: null }
  const [blocking] = forbids
  if (blocking && isHeldByBlock(verdict, book)) {
    // Whoever would have been refused anyway must not learn that there is something to be blocked.
    if (otherwise.effect === 'permit') {
      const requestable = forbids.some((note) => note.requestable !== null) ? asking.glass(asked, acr) : null
      return { code: BLOCKED, text: blocking.text, requestable }
    }
    return whyDenied(unblocked(asked), { verdict: otherwise, otherwise: NOT_EVALUATED }, deciding)
  }
  const code = whyNothingPermits(asked)
  const offers = code === 'no-care-relation' || code === 'decision-does-not-cover'
  return { code, text: textOf(code), requestable: offers ? asking.decision(asked, acr) : null }
}

function position({ reasonCode }: RuleNotes): number {
  const at = FORBID_ORDER.indexOf(reasonCode)
  return at < 0 ? FORBID_ORDER.length : at
}
