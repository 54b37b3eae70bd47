import { concernedBy } from '#src/audit/concerned.ts'
import type { Person } from '#src/directory/directory.ts'
import { roleFor, settle } from '#src/standalone/next-step.ts'
import { show } from '#src/pages/show.ts'
import { patientPage } from './pages.ts'
import { allowedOf, areNarrowings } from '#src/standalone/narrowings.ts'
import { NOTHING_YET, type Progress } from '#src/standalone/progress.ts'
import { choicesFor } from '#src/standalone/request.ts'
import { aboutOf, goTo, type InteractDeps, showSignIn, showStep, standing, type Visit } from './visit.ts'
import { trySignIn } from './try-sign-in.ts'
import { wordsOf } from './words.ts'

const here = (deps: InteractDeps, { interaction }: Visit): string => `${deps.issuer}/interaction/${interaction.id}`

async function signIn(deps: InteractDeps, visit: Visit, form: URLSearchParams): Promise<void> {
  const { ctx, interaction, language, request } = visit
  const tried = await trySignIn(deps, ctx, language, form, request.client.clientId)
  if (tried.kind === 'refused') return showSignIn(visit, tried.status, tried.error, tried.username)
  await interaction.save({ ...NOTHING_YET, user: tried.person.id })
  goTo(ctx, here(deps, visit))
}

/** Takes a patient only from what the directory shows this person: an id made up in the form is nobody. */
async function choosePatient(
  deps: InteractDeps,
  { ctx, request }: Visit,
  person: Person,
  form: URLSearchParams,
): Promise<Progress | undefined> {
  const { trace } = ctx.state
  const chosen = form.get('patient')
  if (chosen === null || !choicesFor(request, person.kind).patient) return undefined
  for (const text of new Set(['', form.get('search') ?? ''])) {
    const seen = await deps.directory.searchPatients({ user: person.id, role: undefined, text }, trace)
    if (seen.some(({ id }) => id === chosen)) {
      const role = await roleFor(deps.directory, person, chosen, trace)
      return { user: person.id, role, patient: chosen, encounter: undefined }
    }
  }
  return undefined
}

async function searchPatients(deps: InteractDeps, visit: Visit, person: Person, form: URLSearchParams): Promise<void> {
  const { ctx, language, request } = visit
  const search = (form.get('search') ?? '').slice(0, 200)
  const patients = await deps.directory.searchPatients(
    { user: person.id, role: undefined, text: search },
    ctx.state.trace,
  )
  await visit.names(person, 'Patient', patients)
  show(ctx, 200, patientPage({ language, error: undefined, app: request.client.name, search, patients }))
}

/** Deals with one form. What it may say depends on where the person stands now, not on which page they believe to see. */
export async function answerForm(deps: InteractDeps, visit: Visit, form: URLSearchParams): Promise<void> {
  const { ctx, interaction, language, request } = visit
  const words = wordsOf(language)
  const about = { clientId: request.client.clientId, correlationId: ctx.state.trace.traceId }
  if (form.get('decision') === 'deny') {
    deps.events.tell('consent-denied', about)
    return goTo(ctx, await interaction.refuse('access_denied', 'the person did not allow access'))
  }
  if (form.get('action') === 'switch') {
    ctx.append('set-cookie', await deps.signIns.end(ctx.get('cookie')))
    await interaction.save(NOTHING_YET)
    return goTo(ctx, here(deps, visit))
  }
  if (form.has('username')) return signIn(deps, visit, form)

  const at = await standing(deps, visit)
  if (at.kind === 'sign-in') return showSignIn(visit, 403, at.somebodyElse ? words.somebodyElse : undefined)
  const { person, step, progress } = at
  if (form.get('action') === 'search' && step.kind === 'patient') return searchPatients(deps, visit, person, form)
  if (form.has('patient')) {
    const chosen = await choosePatient(deps, visit, person, form)
    if (chosen === undefined) return showStep(visit, at, 403, words.notYours)
    await interaction.save(chosen)
    return goTo(ctx, here(deps, visit))
  }
  switch (step.kind) {
    case 'patient':
      return showStep(visit, at, 400, words.pickOne)
    case 'encounter': {
      const encounter = form.get('encounter')
      if (!step.encounters.some(({ id }) => id === encounter)) return showStep(visit, at, 400, words.pickEncounter)
      await interaction.save({ ...progress, encounter })
      return goTo(ctx, here(deps, visit))
    }
    case 'consent': {
      if (form.get('decision') !== 'allow') return showStep(visit, at)
      const { offered } = step
      // Every page of ours says it. Whoever answers without a page says which scopes, and is asked nothing else (contracts §2).
      if ((form.get('about') ?? aboutOf(progress, offered)) !== aboutOf(progress, offered))
        return showStep(visit, at, 409, words.changed)
      const only = form.getAll('only')
      // A wish for less that is not understood would become more.
      if (!areNarrowings(offered, only)) return showStep(visit, at, 400, words.changed)
      const allowed = allowedOf(offered, new Set(form.getAll('scope')), new Set(only))
      if (allowed.length === 0) return showStep(visit, at, 400, words.nothingTicked)
      const consent = { offered, allowed, patient: progress.patient ?? null }
      await deps.consents.remember(person.id, request.client.clientId, consent, deps.now())
      deps.events.tell('consent-given', { ...about, count: allowed.length }, concernedBy(person))
      return goTo(ctx, await interaction.settle(settle(person, progress, allowed), at.since))
    }
    case 'settled':
    case 'refused':
    case 'nothing':
      return showStep(visit, at)
  }
}
