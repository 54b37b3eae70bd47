import type { AuditRecord } from '@uthopp/audit/record'

export type Reason = { readonly code: string; readonly text: { readonly nb: string; readonly en: string } | null }

/**
 * Reasons about data that an app may be told: they speak of the app, of its token, or of us.
 *
 * Every other one would say something about a patient, for instance that there is something to be blocked; contracts §7 has one
 * answer for all of those, and so has the explanation.
 */
const TOLD: ReadonlySet<string> = new Set([
  'scope-missing',
  'not-registered',
  'external-app-too-weak',
  'writing-not-approved',
  'evidence-read-only',
  'never-deleted',
  'not-for-apps',
  'facts-unavailable',
  'pdp-unavailable',
  'rule-book-missing',
  'clock-skew',
  'rule-error',
])

/** Several requests in one: what one of them was refused for is not what the others were. */
const SEVERAL: ReadonlySet<string> = new Set(['batch', 'transaction'])

/** True where a whole request was refused for a reason about the app, whatever there may be to find. */
export const isAboutTheApp = ({ policy, what, detail }: AuditRecord): boolean =>
  policy?.effect === 'deny' &&
  TOLD.has(policy.reasonCode) &&
  detail['enforced'] !== false &&
  // A reference stands there when something was found and withheld; the app must not hear that it was.
  (what?.ids.length ?? 0) === 0 &&
  !SEVERAL.has(what?.interaction ?? '')
