import type { Obligation } from '#src/answer.ts'
import type { RuleNotes } from '#src/rules/rule-notes.ts'

/** Permits are cached no longer than this anywhere (AZ-40). */
export const MAX_AGE_SECONDS = 4

const EVENT: ReadonlyMap<string, string> = new Map([
  ['grantScope', 'scope-decided'],
  ['launch', 'launch-decided'],
  ['selfAuthorize', 'self-authorization-refused'],
  ['breakGlass', 'break-glass-refused'],
])

const audit = (event: string): Obligation => ({ id: 'audit', type: 'audit', properties: { event } })

/** What the enforcement point owes for a permit: the record first (AZ-49), then what the rules say, then its age limit. */
export function permitObligations(
  action: string,
  notes: readonly RuleNotes[],
  validUntil: Date | null,
  at: Date,
): readonly Obligation[] {
  const said = notes.flatMap(({ obligations }) => obligations)
  const event = said.find(({ type }) => type === 'audit')?.what ?? EVENT.get(action) ?? 'fhir-access'
  const told = new Set(said.filter(({ type }) => type === 'notify').map(({ what }) => what))
  const left = validUntil === null ? MAX_AGE_SECONDS : Math.floor((validUntil.getTime() - at.getTime()) / 1000)
  const seconds = Math.max(0, Math.min(MAX_AGE_SECONDS, left))
  return [
    audit(event),
    ...[...told].map((to): Obligation => ({ id: `notify-${to}`, type: 'notify', properties: { to } })),
    ...(EVENT.has(action) ? [] : [{ id: 'max-age', type: 'max-age', properties: { seconds } } as const]),
  ]
}

/** A denial is recorded too, and tells that something is blocked to those who could open it, to nobody else (CE-37). */
export function denyObligations(action: string, banner: boolean): readonly Obligation[] {
  const shown: Obligation = { id: 'banner-sperret-finnes', type: 'banner', properties: { code: 'sperret-finnes' } }
  return [audit(EVENT.get(action) ?? 'fhir-refused'), ...(banner ? [shown] : [])]
}
