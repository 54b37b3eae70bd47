import { type AuditRecord, newRecord } from '@uthopp/audit/record'
import type { Answer } from '@uthopp/policy/answer'
import { opensAnything } from '@uthopp/smart-core/scope/access-left'
import type { Asker } from './asker.ts'
import type { IssuanceRecord } from './witness.ts'

/** As many as one record takes; a list this long has been told well enough. */
const MOST_LINES = 200
const LONGEST_LINE = 500
/** The log holds no national ids, and takes no text that looks like one (an app may ask for anything). */
const LIKE_NATIONAL_ID = /(?<![\w.])\d{6}[ -]?\d{5}(?![\w.])/g

const lines = (texts: readonly string[]): readonly string[] =>
  texts.slice(0, MOST_LINES).map((text) => text.replace(LIKE_NATIONAL_ID, '…').slice(0, LONGEST_LINE))

/** The host's words, as far as they can stand in the log. */
const CODE = /^[A-Za-z0-9][\w.:/*-]{0,127}$/
const ID = /^[\x21-\x7e]{1,256}$/

/** A launch refused, or a launch that went on with nothing. */
const cameToNothing = ({ moment, asked, granted, answers, enforced }: IssuanceRecord): boolean =>
  enforced &&
  (moment === 'launch'
    ? [...answers.values()].some(({ effect }) => effect === 'deny')
    : opensAnything(asked) && !opensAnything(granted))

/** One line a letter: what was said of it and by which rules. */
const letterLines = (answers: IssuanceRecord['answers']): readonly string[] =>
  [...answers].map(([name, { effect, reasonCode, rules }]) =>
    [name, effect, reasonCode, rules.join(',')].filter(Boolean).join(' '),
  )

/** The first answer of each reason among the denials, and the first permit: enough to explain every letter. */
function telling(answers: readonly Answer[]): readonly Answer[] {
  const byReason = new Map<string, Answer>()
  for (const answer of answers) {
    const reason = answer.effect === 'permit' ? '' : answer.reasonCode
    if (!byReason.has(reason)) byReason.set(reason, answer)
  }
  const { deny = [], permit = [] } = Object.groupBy(byReason.values(), ({ effect }) => effect)
  return [...deny, ...permit]
}

const decisionOf = ({ decision }: Asker, template: string | null) =>
  decision !== null && ID.test(decision) ? { id: decision, template, userSelected: false } : null

/**
 * What is written down of a question to policy: one record for each reason there was, the first of them with the scopes.
 *
 * The trace in each is a case that rule books of another day can be asked about.
 */
export function recordsOf(record: IssuanceRecord, at: Date): readonly AuditRecord[] {
  const { asker, moment, enforced, answers } = record
  const refused = cameToNothing(record)
  const shared = {
    tenant: asker.tenant,
    at,
    activity: moment === 'launch' && refused ? 'launch-refused' : 'scope-decided',
    outcome: refused ? 'refused' : 'ok',
    actor: { kind: asker.kind, id: asker.user, role: asker.role },
    clientId: record.clientId,
    patient: asker.patient,
    correlationId: record.correlationId,
    launchId: record.launchId,
    grantId: record.grantId,
    source: 'auth-server',
    purpose: asker.purpose !== null && CODE.test(asker.purpose) ? asker.purpose : null,
    decision: decisionOf(asker, null),
  } as const
  const summary = {
    moment,
    enforced,
    asked: lines(record.asked),
    granted: lines(record.granted),
    withheld: lines(record.withheld.map(({ scope, code }) => `${scope} ${code}`)),
    letters: lines(letterLines(answers)),
  }
  const told = telling([...answers.values()])
  if (told.length === 0) return [newRecord({ ...shared, detail: summary })]
  return told.map((answer, index) => {
    const { decisionId, policyVersion: version, effect, rules, reasonCode, reasonText, trace } = answer
    const policy = { decisionId, version, effect, rules, reasonCode, trace }
    const said = { reasonNb: reasonText.nb, reasonEn: reasonText.en }
    return newRecord({ ...shared, policy, detail: { ...(index === 0 ? summary : { moment, enforced }), ...said } })
  })
}
