import { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { LaunchHandle } from '@uthopp/smart-core/launch'
import type { LaunchDesk, Place } from '#src/launch/desk.ts'
import { clearProof } from '#src/launch/proof-cookie.ts'
import { isFhirBase } from './fhir-base.ts'
import { correlationOf } from './front.ts'
import { memoOf } from './memo.ts'

/** What the request itself carried: the library fills defaults into `params` before our validators run. */
function sent(ctx: KoaContextWithOIDC, name: string): string | undefined {
  const source = ctx.method === 'POST' ? ctx.oidc.body : ctx.query
  const value = source?.[name]
  return typeof value === 'string' ? value : undefined
}

/** The first of our validators: everything SMART asks of the request itself. */
export const checkAudience =
  (fhirBase: string) =>
  (ctx: KoaContextWithOIDC, aud: string | undefined): void => {
    if (sent(ctx, 'state') === undefined) throw new errors.InvalidRequest('`state` is required') // SMART App Launch 2.2.0, authorization request
    if (!['query', undefined].includes(sent(ctx, 'response_mode')))
      throw new errors.InvalidRequest('`response_mode` must be query')
    if (aud === undefined) throw new errors.InvalidRequest('`aud` is required')
    if (!isFhirBase(aud, fhirBase)) throw new errors.InvalidRequest('`aud` is not the FHIR base of this trust')
    // The host's word about the person is the authority here; nothing of ours could sign them in again (OIDC Core §3.1.2.1).
    if (ctx.oidc.prompts.has('login') || ctx.oidc.prompts.has('select_account'))
      throw new errors.LoginRequired('the person is signed in at the host; this server cannot ask again')
    if (sent(ctx, 'max_age') !== undefined) throw new errors.InvalidRequest('`max_age` is not supported')
  }

/** The last: spends the handle and takes the host's word about who is there. */
export const redeemLaunch =
  (desk: LaunchDesk, place: Place) =>
  async (ctx: KoaContextWithOIDC, handle: string | undefined, client: Client): Promise<void> => {
    if (handle === undefined)
      throw new errors.InvalidRequest(
        '`launch` is missing: standalone launch is not offered yet, open the app from the host',
      )
    const request = {
      stage: 'request',
      tenant: place.tenant,
      clientId: client.clientId,
      redirectUri: sent(ctx, 'redirect_uri') ?? '',
      // As it was sent: the library has dropped `offline_access` from its own copy by now.
      scope: sent(ctx, 'scope') ?? '',
      audience: place.fhirBase,
      handle: handle as LaunchHandle, // a claim to be one; redemption decides
    } as const
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
