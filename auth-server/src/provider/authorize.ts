import { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { LaunchHandle } from '@uthopp/smart-core/launch'
import { negotiate } from '@uthopp/smart-core/negotiate'
import { parseScopeSet } from '@uthopp/smart-core/scope/scope-set'
import type { LaunchDesk, Place } from '#src/launch/desk.ts'
import { clearProof } from '#src/launch/proof-cookie.ts'
import { isFhirBase } from './fhir-base.ts'
import { correlationOf } from './front.ts'
import { registeredScope } from './grant.ts'
import { memoOf } from './memo.ts'
import type { beginStandalone } from './standalone.ts'

/** What the request itself carried: the library fills defaults into `params` before our validators run. */
function sent(ctx: KoaContextWithOIDC, name: string): string | undefined {
  const source = ctx.method === 'POST' ? ctx.oidc.body : ctx.query
  const value = source?.[name]
  // RFC 6749 §3.1: a parameter without a value was not sent.
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** RFC 6749 appendix A.5: what would not come back as it went out is refused, and not sent back (SAL-65). */
function checkEcho(ctx: KoaContextWithOIDC): void {
  for (const name of ['state', 'nonce'] as const) {
    if (/^[\x20-\x7e]*$/.test(sent(ctx, name) ?? '')) continue
    if (ctx.oidc.params !== undefined) ctx.oidc.params[name] = undefined
    throw new errors.InvalidRequest(`\`${name}\` must be printable ASCII`)
  }
}

/** The first of our validators: everything SMART asks of the request itself. */
export const checkAudience =
  (fhirBase: string) =>
  (ctx: KoaContextWithOIDC, aud: string | undefined): void => {
    checkEcho(ctx)
    if (sent(ctx, 'state') === undefined) throw new errors.InvalidRequest('`state` is required') // SMART App Launch 2.2.0, authorization request
    if (!['query', undefined].includes(sent(ctx, 'response_mode')))
      throw new errors.InvalidRequest('`response_mode` must be query')
    if (aud === undefined) throw new errors.InvalidRequest('`aud` is required')
    if (!isFhirBase(aud, fhirBase)) throw new errors.InvalidRequest('`aud` is not the FHIR base of this trust')
    // The host's word about the person is the authority of an EHR launch; nothing of ours could sign them in again (OIDC Core §3.1.2.1).
    if (
      ctx.oidc.params?.['launch'] !== undefined &&
      (ctx.oidc.prompts.has('login') || ctx.oidc.prompts.has('select_account') || sent(ctx, 'max_age') !== undefined)
    )
      throw new errors.LoginRequired('the person signed in at the host; this server cannot ask again, nor tell when')
  }

/** The last: spends the handle and takes the host's word about who is there. Without a handle the launch is standalone. */
export const redeemLaunch =
  (desk: LaunchDesk, place: Place, begin: ReturnType<typeof beginStandalone>) =>
  async (ctx: KoaContextWithOIDC, handle: string | undefined, client: Client): Promise<void> => {
    if (handle === undefined) return begin(ctx, client, sent(ctx, 'scope') ?? '')
    const request = {
      stage: 'request',
      tenant: place.tenant,
      clientId: client.clientId,
      // As it was sent: the library has dropped `offline_access` from its own copy by now.
      scope: sent(ctx, 'scope') ?? '',
      audience: place.fhirBase,
      handle: handle as LaunchHandle, // a claim to be one; redemption decides
    } as const
    // Nothing is spent on what no launch could answer.
    const registered = parseScopeSet(registeredScope(ctx)).scopes
    const context = { patient: true, encounter: true, fhirUser: true, kind: 'ehr' } as const
    if (negotiate({ asked: request.scope, registered, context, mayRefresh: true }).granted.length === 0)
      throw new errors.CustomOIDCProviderError(
        'invalid_scope',
        'none of the requested scopes is registered for this app',
      )
    const redemption = await desk.redeem({
      request,
      cookieHeader: ctx.headers.cookie,
      secFetchMode: ctx.get('sec-fetch-mode') || undefined,
      correlationId: correlationOf(ctx.req),
    })
    if (redemption.kind === 'refused') throw new errors.InvalidRequest(redemption.reason)
    const { ticket } = redemption
    if (ticket.intent.bound) ctx.append('set-cookie', clearProof(ticket.launchId))
    memoOf(ctx).redeemed = { request, ticket }
    const { session } = ctx.oidc
    if (session === undefined) throw new Error('the authorization endpoint always has a session object')
    session.loginAccount({ accountId: ticket.intent.user })
    // QUIRK(oidc-provider): the library keeps a session and sets its cookie after every sign-in. This launch is the only
    // authority, so the session is marked destroyed: nothing is stored, no cookie is left behind. `destroyed` is not typed.
    Object.assign(session, { destroyed: true })
  }
