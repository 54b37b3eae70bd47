import { hash } from 'node:crypto'
import type { AppContext } from '@uthopp/server-kit/http-app'
import type { Patient, Person } from '#src/directory/directory.ts'
import type { LaunchEvents } from '#src/launch/events.ts'
import type { CallerLimits } from '#src/limits/caller-limits.ts'
import type { Language } from '#src/pages/language.ts'
import { show } from '#src/pages/show.ts'
import type { FindInteraction, Interaction } from '#src/provider/interactions.ts'
import type { ClientStore } from '#src/storage/clients.ts'
import { nextStep, type Step, type StepDeps } from '#src/standalone/next-step.ts'
import { consentPage, encounterPage, patientPage, signInPage } from './pages.ts'
import type { TellShown } from './shown-patients.ts'
import { NOTHING_YET, type Progress } from '#src/standalone/progress.ts'
import type { SignIns } from '#src/standalone/sign-ins.ts'
import { asksForSignIn, type StandaloneRequest } from '#src/standalone/request.ts'
import { wordsOf } from './words.ts'

export type InteractDeps = StepDeps & {
  readonly provider: { readonly findInteraction: FindInteraction }
  readonly clients: ClientStore
  readonly signIns: SignIns
  readonly callerLimits: CallerLimits
  readonly events: LaunchEvents
  readonly tellShown: TellShown
  readonly issuer: string
  readonly now: () => Date
}

/** One request of one person in one interaction. */
export type Visit = {
  readonly ctx: AppContext
  readonly interaction: Interaction
  readonly request: StandaloneRequest
  readonly language: Language
  /** Writes down which patients a page names to this person, before it leaves. */
  readonly names: (person: Person, type: 'Patient' | 'Encounter', patients: readonly Patient[]) => Promise<void>
}

type SignInStep = { readonly kind: 'sign-in'; readonly somebodyElse: boolean }
type PersonStep = {
  readonly person: Person
  readonly since: Date
  readonly step: Step
  readonly progress: Progress
}

/** Where this person stands now. Whoever is signed in is asked about their own choices, never somebody else's. */
export async function standing(
  deps: InteractDeps,
  visit: Visit,
): Promise<SignInStep | ({ kind: 'step' } & PersonStep)> {
  const { ctx, interaction, request } = visit
  const signedIn = await deps.signIns.find(ctx.get('cookie'))
  const before = interaction.progress
  const changed = before.user !== undefined && before.user !== signedIn?.user
  if (changed) await interaction.save(NOTHING_YET)
  if (signedIn === undefined || changed) return { kind: 'sign-in', somebodyElse: changed && signedIn !== undefined }
  if (before.user === undefined && asksForSignIn(request, signedIn, deps.now()))
    return { kind: 'sign-in', somebodyElse: false }
  const person = await deps.directory.findPerson(signedIn.user, ctx.state.trace)
  if (person === undefined) return { kind: 'sign-in', somebodyElse: false }
  const progress = { ...before, user: person.id }
  const { since } = signedIn
  return { kind: 'step', person, since, ...(await nextStep(deps, request, person, progress, ctx.state.trace)) }
}

/** Says which choices a consent page was made for: an answer to an older page is not an answer to this one. */
export const aboutOf = (progress: Progress, offered: readonly string[]): string =>
  hash('sha256', JSON.stringify([progress.user, progress.patient, progress.encounter, offered]), 'base64url')

export function goTo(ctx: AppContext, address: string): void {
  ctx.status = 303
  ctx.set('location', address)
}

export function showSignIn(visit: Visit, status: number, error: string | undefined, username?: string): void {
  const { language, request } = visit
  const app = request.client.name
  show(visit.ctx, status, signInPage({ language, error, app, username: username ?? request.loginHint }))
}

/** Shows what this person is asked now, or goes on where nothing is left to ask. */
export async function showStep(visit: Visit, at: PersonStep, status = 200, error?: string): Promise<void> {
  const { ctx, interaction, language, request } = visit
  const { step } = at
  const app = request.client.name
  switch (step.kind) {
    case 'patient':
      await visit.names(at.person, 'Patient', step.patients)
      return show(ctx, status, patientPage({ language, error, app, search: '', patients: step.patients }))
    case 'encounter':
      await visit.names(at.person, 'Encounter', [step.patient])
      return show(ctx, status, encounterPage({ language, error, ...step }))
    case 'consent': {
      const { client, redirectUri } = request
      await visit.names(at.person, 'Patient', step.patient === undefined ? [] : [step.patient])
      const about = aboutOf(at.progress, step.offered)
      return show(ctx, status, consentPage({ language, error, client, redirectUri, person: at.person, ...step, about }))
    }
    case 'settled':
      return goTo(ctx, await interaction.settle(step.settled, at.since))
    case 'refused':
      return goTo(ctx, await interaction.refuse(step.code, step.reason))
    case 'nothing':
      return goTo(ctx, await interaction.refuse('invalid_scope', 'none of the requested scopes can be granted'))
  }
}

export async function showStanding(deps: InteractDeps, visit: Visit): Promise<void> {
  const at = await standing(deps, visit)
  if (at.kind === 'step') return showStep(visit, at)
  showSignIn(visit, 200, at.somebodyElse ? wordsOf(visit.language).somebodyElse : undefined)
}
