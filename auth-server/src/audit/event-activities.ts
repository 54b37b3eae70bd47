import type { Activity } from '@uthopp/audit/activities'
import type { AuditOutcome } from '@uthopp/audit/record'
import type { LaunchEvent } from '#src/launch/events.ts'

/** As which activity an event stands in the access log, or why it does not stand there. */
export type Told =
  | { readonly kind: 'told'; readonly activity: Activity; readonly outcome: AuditOutcome; readonly change?: string }
  | { readonly kind: 'elsewhere'; readonly why: string }

const ok = (activity: Activity, change?: string): Told => ({
  kind: 'told',
  activity,
  outcome: 'ok',
  ...(change === undefined ? {} : { change }),
})
const refused = (activity: Activity): Told => ({ kind: 'told', activity, outcome: 'refused' })
const failed = (activity: Activity): Told => ({ kind: 'told', activity, outcome: 'failed' })
const elsewhere = (why: string): Told => ({ kind: 'elsewhere', why })

/** norway.md §5.3. A new event does not compile before somebody has said here what the log makes of it. */
export const ACTIVITY_OF: Readonly<Record<LaunchEvent, Told>> = {
  'launch-offered': ok('launch-offered'),
  'launch-offered-unbound': ok('launch-offered'),
  'launch-offer-refused': elsewhere('the decision about the launch is told whole, with every rule'),
  'launch-started': ok('launch-started'),
  'launch-start-refused': refused('launch-refused'),
  'launch-checked': elsewhere('a step of the browser between started and redeemed, which are both told'),
  'launch-check-refused': refused('launch-refused'),
  'launch-redeemed': ok('launch-redeemed'),
  'launch-given-back': failed('launch-redeemed'),
  'launch-redeem-refused': refused('launch-refused'),
  'launch-proof-missing-after-check': refused('launch-refused'),
  'launch-ended': ok('launch-ended'),
  'launch-expired': ok('launch-expired'),
  'launch-authorized': elsewhere('the decision about the scopes is told whole, with what was asked and granted'),
  'scope-withheld': elsewhere('the decision about the scopes is told whole, with every rule'),
  'policy-denied-launch': elsewhere('the decision about the launch is told whole, with every rule'),
  'policy-would-deny': elsewhere('the decision is told whole, as not enforced'),
  'policy-unavailable': failed('scope-decided'),
  'policy-rules-loaded': ok('policy-changed', 'loaded'),
  'policy-rules-refused': refused('policy-changed'),
  'token-issued': ok('token-issued'),
  'token-refreshed': ok('token-refreshed'),
  'token-refused': refused('token-refused'),
  'token-introspected': ok('token-introspected'),
  'token-introspection-empty': refused('token-introspected'),
  'token-revoked': ok('token-revoked'),
  'token-revocation-empty': refused('token-revoked'),
  'authorization-refused': refused('authorization-refused'),
  'interaction-refused': refused('authorization-refused'),
  'signing-keys-changed': ok('keys-changed'),
  'client-registered': ok('registration-changed', 'registered'),
  'client-expired': ok('registration-changed', 'expired'),
  'client-updated': ok('registration-changed', 'updated'),
  'client-removed': ok('registration-changed', 'removed'),
  'registrations-limited': refused('limit-reached'),
  'authentication-limited': refused('limit-reached'),
  'sign-in-limited': refused('limit-reached'),
  'signed-in': ok('login'),
  'sign-in-refused': refused('login-refused'),
  'consent-given': ok('consent-given'),
  'consent-denied': refused('consent-denied'),
  'consent-withdrawn': ok('consent-withdrawn'),
}
