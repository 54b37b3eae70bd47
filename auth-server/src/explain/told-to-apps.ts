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

export type Reason = { readonly code: string; readonly text: { readonly nb: string; readonly en: string } | null }

const UNTOLD: Reason = {
  code: 'not-available',
  text: {
    nb: 'Dette er ikke tilgjengelig her, eller finnes ikke.',
    en: 'this is not available here, or there is no such thing',
  },
}

/** What of a reason leaves for the app. Scopes are told in full, because the token response shows what is missing anyway. */
export const reasonForApp = (reason: Reason, aboutData: boolean): Reason =>
  !aboutData || TOLD.has(reason.code) ? reason : UNTOLD
