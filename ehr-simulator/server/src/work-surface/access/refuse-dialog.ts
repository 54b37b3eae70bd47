import { Refusal } from '@uthopp/server-kit/refusal'

/** Trouble is no answer: nobody is told that they may not, and nothing is opened. */
export const UNDECIDED = 'access_undecided'

const HINTS: ReadonlyMap<string, string> = new Map([
  [UNDECIDED, 'whether this may be done cannot be decided now'],
  ['template_not_available', 'this role may not use this ground for this patient'],
  ['reason_required', '`reason` needs ten characters that say something'],
  ['patient_not_known', 'no such patient here'],
  ['decision_live_already', 'there is access on this ground already'],
  ['decision_not_available', 'no such access of yours'],
  ['decision_not_renewable', 'this access cannot be prolonged'],
  ['glass_not_available', 'this role may not lift blocks for this patient'],
  ['acr_too_low', 'a sign-in of assurance level 4 is needed'],
  ['confirmation_required', '`confirmed` must be true'],
  ['items_required', '`items` names what is to be opened'],
  ['item_not_blocked', 'one of `items` is not blocked'],
  ['review_not_available', 'nothing of this unit is waiting for that review'],
  ['own_access', 'nobody reviews their own access'],
  ['note_required', '`note` is missing'],
  ['block_not_possible', 'this cannot be blocked'],
  ['blocked_already', 'this is blocked already'],
  ['block_not_known', 'no such block of yours'],
])

/** What was written is the writer's to mend; everything else is forbidden. */
const WRITTEN: ReadonlySet<string> = new Set([
  'reason_required',
  'confirmation_required',
  'items_required',
  'note_required',
  'block_not_possible',
])

/** Says a dialog's refusal on the wire. */
export const dialogRefusal = (code: string): Refusal => new Refusal(statusOf(code), code, HINTS.get(code) ?? 'refused')

const statusOf = (code: string): number => (code === UNDECIDED ? 503 : WRITTEN.has(code) ? 400 : 403)

/** What policy calls the same refusals. */
const POLICY_CODES: ReadonlyMap<string, string> = new Map([
  ['reason-too-short', 'reason_required'],
  ['sign-in-too-weak', 'acr_too_low'],
  ['confirmation-missing', 'confirmation_required'],
  ['items-missing', 'items_required'],
  ['role-may-not-break-glass', 'glass_not_available'],
])

export const codeOfPolicy = (reasonCode: string | undefined, otherwise: string): string =>
  POLICY_CODES.get(reasonCode ?? '') ?? otherwise
