import type { Trace } from '@uthopp/server-kit/trace'
import type { Directory, Encounter, Patient, PatientRecord, Person } from '#src/directory/directory.ts'
import type { Refused } from '#src/launch/authorize-context.ts'
import type { Consent, ConsentStore } from '#src/storage/consents.ts'
import { narrowingsOf } from './narrowings.ts'
import { type PermittedDeps, permittedNow } from './permitted.ts'
import type { Progress, Settled } from './progress.ts'
import { choicesFor, offeredScopes, type StandaloneRequest } from './request.ts'

/** What the person is asked next, or that nothing is left to ask. */
export type Step =
  | { readonly kind: 'patient'; readonly patients: readonly Patient[] }
  | { readonly kind: 'encounter'; readonly patient: Patient; readonly encounters: readonly Encounter[] }
  | { readonly kind: 'consent'; readonly patient: PatientRecord | undefined; readonly offered: readonly string[] }
  | { readonly kind: 'settled'; readonly settled: Settled }
  /** Whatever the person answers, none of the scopes can be granted. */
  | { readonly kind: 'nothing' }
  /** Policy leaves nothing of them for this person and patient now, or cannot say. */
  | Refused

export type StepDeps = PermittedDeps & { readonly directory: Directory; readonly consents: ConsentStore }

const MOST_ENCOUNTERS = 20

/** The first of the person's roles that has this patient in its care: the role they would have opened the chart in. */
export async function roleFor(
  directory: Directory,
  person: Person,
  patient: string | null,
  trace: Trace,
): Promise<string | null> {
  const [first, ...others] = person.roles
  if (first === undefined || patient === null || others.length === 0) return first?.id ?? null
  for (const role of person.roles) {
    const seen = await directory.searchPatients({ user: person.id, role: role.id, text: '' }, trace)
    if (seen.some(({ id }) => id === patient)) return role.id
  }
  return first.id
}

const isAboutPatient = (scope: string): boolean => scope.startsWith('patient/')

/**
 * What was allowed before covers this request when everything in it was asked then.
 *
 * A citizen's answer about `patient/` scopes was about the person whom the page named, and is none for another. A clinician's is
 * about the app as a tool: whom they open it for is decided each time, by policy.
 */
function rememberedAnswer(
  consent: Consent | undefined,
  offered: readonly string[],
  kind: Person['kind'],
  patient: string | null,
): readonly string[] {
  const isOtherPatient = kind === 'citizen' && offered.some(isAboutPatient) && consent?.patient !== patient
  if (isOtherPatient) return []
  const asked = new Set(consent?.offered)
  if (!offered.every((scope) => asked.has(scope))) return []
  const possible = new Set(offered.flatMap((scope) => [scope, ...narrowingsOf(scope).map((one) => one.scope)]))
  return (consent?.allowed ?? []).filter((scope) => possible.has(scope))
}

/** Goes on as far as no question is needed; choices with one answer make themselves. */
export async function nextStep(
  deps: StepDeps,
  request: StandaloneRequest,
  person: Person,
  progress: Progress,
  trace: Trace,
): Promise<{ readonly step: Step; readonly progress: Progress }> {
  const { directory } = deps
  const choices = choicesFor(request, person.kind)
  let known = progress

  if (known.patient === undefined) {
    if (choices.patient) {
      const patients = await directory.searchPatients({ user: person.id, role: undefined, text: '' }, trace)
      const [only, second] = patients
      if (only === undefined || second !== undefined) return { step: { kind: 'patient', patients }, progress: known }
      known = { ...known, patient: only.id, role: await roleFor(directory, person, only.id, trace) }
    } else known = { ...known, patient: null, role: await roleFor(directory, person, null, trace) }
  }

  const record = known.patient ? await directory.findPatient(known.patient, trace) : undefined
  if (known.encounter === undefined) {
    const [only, second] = choices.encounter ? (record?.encounters ?? []) : []
    if (record !== undefined && second !== undefined) {
      const encounters = record.encounters.slice(0, MOST_ENCOUNTERS)
      return { step: { kind: 'encounter', patient: record, encounters }, progress: known }
    }
    known = { ...known, encounter: only?.id ?? null }
  }

  const context = { patient: typeof known.patient === 'string', encounter: typeof known.encounter === 'string' }
  const possible = offeredScopes(request, person.kind, context)
  if (possible.length === 0) return { step: { kind: 'nothing' }, progress: known }
  const permitted = await permittedNow(deps, request, settle(person, known, possible), trace)
  if (permitted.kind === 'refused') return { step: permitted, progress: known }
  const offered = permitted.scopes
  const allowed = await allowedUnasked(deps, request, person, known.patient ?? null, offered)
  if (allowed.length > 0) return { step: { kind: 'settled', settled: settle(person, known, allowed) }, progress: known }
  return { step: { kind: 'consent', patient: record, offered }, progress: known }
}

async function allowedUnasked(
  deps: StepDeps,
  { client, prompts }: StandaloneRequest,
  person: Person,
  patient: string | null,
  offered: readonly string[],
): Promise<readonly string[]> {
  if (prompts.has('consent')) return []
  // The trust's approval of an app for EHR launches is no such approval (contracts §3).
  if (client.skipConsent) return offered
  return rememberedAnswer(await deps.consents.find(person.id, client.clientId), offered, person.kind, patient)
}

export const settle = (person: Person, known: Progress, allowed: readonly string[]): Settled => ({
  user: person.id,
  kind: person.kind,
  role: known.role,
  patient: known.patient ?? null,
  encounter: known.encounter ?? null,
  scope: allowed.join(' '),
})
