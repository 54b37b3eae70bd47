import type { AppContext } from '@uthopp/server-kit/http-app'
import { Refusal } from '@uthopp/server-kit/refusal'
import { concernedBy } from '#src/audit/concerned.ts'
import type { Person } from '#src/directory/directory.ts'
import { languageOf } from '#src/pages/language.ts'
import { show } from '#src/pages/show.ts'
import type { ClientStore } from '#src/storage/clients.ts'
import type { ConsentStore } from '#src/storage/consents.ts'
import type { StandaloneLaunchStore } from '#src/storage/standalone-launches.ts'
import { isForeignForm, readSmallForm, showError } from './forms.ts'
import { type MyApp, myAppsPage } from './my-apps-page.ts'
import { signInPage } from './pages.ts'
import { type SignInDeps, trySignIn } from './try-sign-in.ts'
import { wordsOf } from './words.ts'

type MyAppsDeps = SignInDeps & {
  readonly issuer: string
  readonly clients: ClientStore
  readonly consents: ConsentStore
  readonly standaloneLaunches: StandaloneLaunchStore
  readonly now: () => Date
}

/** The apps this person has let in: with launches that can still be used, or an answer that is remembered. */
async function appsOf(deps: MyAppsDeps, user: string): Promise<readonly MyApp[]> {
  const [launches, consents] = await Promise.all([
    deps.standaloneLaunches.ofUser(user, deps.now()),
    deps.consents.ofUser(user),
  ])
  const ids = [...new Set([...launches, ...consents].map(({ clientId }) => clientId))]
  return Promise.all(
    ids.map(async (clientId) => {
      const open = launches.filter((launch) => launch.clientId === clientId)
      const allowed = consents.filter((consent) => consent.clientId === clientId)
      const times = [...open.map((launch) => launch.authorizedAt), ...allowed.map((consent) => consent.answeredAt)]
      return {
        clientId,
        name: (await deps.clients.find(clientId))?.name ?? clientId,
        scopes: [...new Set([...open.flatMap((launch) => launch.granted), ...allowed.flatMap((one) => one.allowed)])],
        since: new Date(Math.min(...times.map((time) => time.getTime()))),
        open: open.length,
      }
    }),
  )
}

/** Ends every launch this person has with the app and forgets the answer: the app has to ask again. */
async function withdraw(deps: MyAppsDeps, ctx: AppContext, person: Person, clientId: string): Promise<void> {
  const at = deps.now()
  const launches = await deps.standaloneLaunches.ofUser(person.id, at)
  const open = launches.filter((launch) => launch.clientId === clientId)
  // Withdrawn already, or never let in: nothing happens, and the log hears of nothing.
  if (open.length === 0 && (await deps.consents.find(person.id, clientId)) === undefined) return
  const about = { clientId, correlationId: ctx.state.trace.traceId }
  const what = { user: person.id, clientId, grantIds: open.map(({ grantId }) => grantId), now: at }
  await deps.events.deed((tell) =>
    deps.consents.withdraw(what, (inside) => tell(inside, 'consent-withdrawn', about, concernedBy(person))),
  )
}

async function answer(deps: MyAppsDeps, ctx: AppContext): Promise<void> {
  const language = languageOf(ctx.get('accept-language'))
  const here = `${deps.issuer}/apps`
  const goBack = () => {
    ctx.status = 303
    ctx.set('location', here)
  }
  const app = wordsOf(language).myApps
  const form = ctx.method === 'POST' ? await readSmallForm(ctx) : new URLSearchParams()
  if (form === undefined) return showError(ctx, 400, 'invalid_request')
  if (form.has('username')) {
    const tried = await trySignIn(deps, ctx, language, form)
    return tried.kind === 'signed-in' ? goBack() : show(ctx, tried.status, signInPage({ language, app, ...tried }))
  }
  if (form.get('action') === 'sign-out' || form.get('decision') === 'deny') {
    ctx.append('set-cookie', await deps.signIns.end(ctx.get('cookie')))
    return goBack()
  }
  const user = (await deps.signIns.find(ctx.get('cookie')))?.user
  const person = user === undefined ? undefined : await deps.directory.findPerson(user, ctx.state.trace)
  if (person === undefined) return show(ctx, 200, signInPage({ language, app, error: undefined, username: '' }))
  const withdrawn = form.get('withdraw')
  if (withdrawn !== null) {
    await withdraw(deps, ctx, person, withdrawn)
    return goBack()
  }
  show(ctx, 200, myAppsPage({ language, person, apps: await appsOf(deps, person.id) }))
}

/** `<issuer>/apps`, the management endpoint (SMART App Launch 2.2.0, "Management"): what a person let in, and the way to end it. */
export const myApps =
  (deps: MyAppsDeps) =>
  async (ctx: AppContext): Promise<void> => {
    ctx.set('referrer-policy', 'same-origin') // `interact.ts` says why
    if (ctx.method === 'POST' && isForeignForm(ctx, deps.issuer)) return showError(ctx, 403, 'interaction_foreign')
    try {
      await answer(deps, ctx)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      ctx.set(error.headers)
      showError(ctx, error.status, error.code)
    }
  }
