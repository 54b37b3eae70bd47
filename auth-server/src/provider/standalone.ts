import { type Client as LibraryClient, errors, type KoaContextWithOIDC } from 'oidc-provider'
import { Refusal } from '@uthopp/server-kit/refusal'
import type { Trace } from '@uthopp/server-kit/trace'
import { scopesIn } from '@uthopp/smart-core/scope/tokens'
import { authorizeContext, type Authorization, type GrantHand, refusedLaunch } from '#src/launch/authorize-context.ts'
import type { LaunchEvents } from '#src/launch/events.ts'
import { contextOf } from '#src/standalone/context.ts'
import { nextStep, type Step, type StepDeps } from '#src/standalone/next-step.ts'
import { NOTHING_YET, readSettled, type Settled } from '#src/standalone/progress.ts'
import type { SignIn, SignIns } from '#src/standalone/sign-ins.ts'
import {
  asksForSignIn,
  choicesFor,
  offeredScopes,
  registeredFor,
  type StandaloneRequest,
} from '#src/standalone/request.ts'
import { keepUntil } from '#src/launch/lifetime.ts'
import { newSecret } from '#src/launch/secrets.ts'
import type { ClientStore } from '#src/storage/clients.ts'
import type { StandaloneLaunchStore } from '#src/storage/standalone-launches.ts'
import { traceOf } from './front.ts'
import { memoOf } from './memo.ts'
import { unanswered } from './undecided.ts'

export type StandaloneDeps = StepDeps & {
  readonly clients: ClientStore
  readonly signIns: SignIns
  readonly standaloneLaunches: StandaloneLaunchStore
  readonly events: LaunchEvents
  readonly now: () => Date
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Reads the request out of the library's parameters, which are checked by then. */
export async function standaloneRequestOf(
  params: Readonly<Record<string, unknown>>,
  clients: ClientStore,
): Promise<StandaloneRequest | undefined> {
  const client = await clients.find(textOf(params['client_id']))
  return (
    client && {
      client,
      scope: textOf(params['scope']),
      prompts: new Set(scopesIn(params['prompt'])),
      redirectUri: textOf(params['redirect_uri']),
      // The library has checked that it is a whole number, and says 0 as `prompt=login`.
      maxAgeSeconds: params['max_age'] === undefined ? Number.POSITIVE_INFINITY : Number(params['max_age']),
      loginHint: textOf(params['login_hint']),
    }
  )
}

/** What keeps a request from being answered without a page; the words are the errors of OIDC Core §3.1.2.6. */
export type Needed = 'login_required' | 'interaction_required' | 'consent_required'

/** Signs the person in for this one request: the library's own session is never kept (`authorize.ts` says why). */
function signIn(ctx: KoaContextWithOIDC, { user, since }: SignIn): void {
  ctx.oidc.session?.loginAccount({ accountId: user, loginTs: Math.floor(since.getTime() / 1000) })
  forgetSession(ctx)
}

const forgetSession = (ctx: KoaContextWithOIDC): void => {
  // QUIRK(oidc-provider): see `authorize.ts`; `destroyed` is not typed.
  if (ctx.oidc.session !== undefined) Object.assign(ctx.oidc.session, { destroyed: true })
}

/**
 * What is left to ask whoever is signed in; undefined where the host knows them no more.
 *
 * While the host does not answer, a page says so to the person, who can load it again. Under `prompt=none` there is no page, and
 * the app must hear that nothing is known, in place of what a person would have to do (RFC 6749 §4.1.2.1).
 */
async function stepOf(
  deps: StandaloneDeps,
  request: StandaloneRequest,
  { user }: SignIn,
  trace: Trace,
): Promise<Step | undefined> {
  try {
    const person = await deps.directory.findPerson(user, trace)
    return person && (await nextStep(deps, request, person, { ...NOTHING_YET, user: person.id }, trace)).step
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    deps.events.failed(error, { clientId: request.client.clientId, correlationId: trace.traceId })
    if (!request.prompts.has('none')) return undefined
    throw unanswered('the host cannot be asked about the person', error)
  }
}

/** A request without a handle: finds out whether it can be answered at once, and if not, what it needs. */
export const beginStandalone =
  (deps: StandaloneDeps) =>
  async (ctx: KoaContextWithOIDC, { clientId }: LibraryClient, scope: string): Promise<void> => {
    const { params } = ctx.oidc
    if (params === undefined) throw new Error('the authorization endpoint always has parameters')
    // As it was sent: the library has dropped `offline_access`, which it gives only with `prompt=consent`.
    params['scope'] = scope
    const request = await standaloneRequestOf({ ...params, client_id: clientId }, deps.clients)
    if (request === undefined) throw new errors.InvalidClient('client not found')
    const possible = offeredScopes(request, 'staff', choicesFor(request, 'staff'))
    if (possible.length === 0)
      throw new errors.CustomOIDCProviderError(
        'invalid_scope',
        'none of the requested scopes can be granted to this app in a standalone launch',
      )
    const memo = memoOf(ctx)
    memo.needed = 'login_required'
    const trace = traceOf(ctx.req)
    const signedIn = await deps.signIns.find(ctx.headers.cookie)
    if (signedIn === undefined || asksForSignIn(request, signedIn, deps.now())) return
    const step = await stepOf(deps, request, signedIn, trace)
    if (step === undefined) return
    memo.needed = step.kind === 'consent' ? 'consent_required' : 'interaction_required'
    // With a page, the person may still say that they are somebody else; without one this is the answer.
    if (step.kind === 'refused' && request.prompts.has('none'))
      throw new errors.CustomOIDCProviderError(step.code, step.reason)
    if (step.kind !== 'settled') return
    memo.needed = undefined
    memo.standalone = { settled: step.settled, interaction: newSecret() }
    signIn(ctx, signedIn)
  }

/** After the pages: takes over what was answered, if the same person is still signed in in this browser. */
async function settledNow(
  deps: StandaloneDeps,
  ctx: KoaContextWithOIDC,
): Promise<{ readonly settled: Settled; readonly interaction: string } | undefined> {
  const { standalone } = memoOf(ctx)
  if (standalone !== undefined) return standalone
  const interaction = ctx.oidc.entities.Interaction?.uid
  const settled = readSettled(ctx.oidc.result)
  if (interaction === undefined || settled === undefined) return undefined
  if ((await deps.signIns.find(ctx.headers.cookie))?.user !== settled.user)
    throw new errors.AccessDenied('somebody else has signed in meanwhile')
  return { settled, interaction }
}

/** Decides a standalone launch for the person and the choices of this request; undefined while pages are needed. */
export async function authorizeStandalone(
  deps: StandaloneDeps,
  ctx: KoaContextWithOIDC,
  grant: (user: string) => GrantHand,
): Promise<Authorization | undefined> {
  forgetSession(ctx)
  const answered = await settledNow(deps, ctx)
  const request = answered && (await standaloneRequestOf(ctx.oidc.params ?? {}, deps.clients))
  if (answered === undefined || request === undefined) return undefined
  const { settled, interaction } = answered
  const { place } = deps
  const context = contextOf(place, request, settled)
  if (context === undefined) return refusedLaunch('access_denied', 'the answers do not make a launch')
  const at = deps.now()
  return authorizeContext({
    context,
    asked: settled.scope,
    registered: registeredFor(request.client, settled.kind),
    client: request.client,
    policy: deps.policy,
    trace: traceOf(ctx.req),
    grant: grant(settled.user),
    keep: (authorized) =>
      deps.standaloneLaunches.authorize({
        interaction,
        authorized,
        keepUntil: keepUntil(authorized, at),
        now: at,
      }),
    events: deps.events,
  })
}
