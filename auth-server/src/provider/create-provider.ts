import { type KoaContextWithOIDC, Provider } from 'oidc-provider'
import { publicJwks } from '@uthopp/server-kit/keys'
import { sameText } from '@uthopp/server-kit/same-text'
import { secretHash } from '#src/launch/secrets.ts'
import { type AccessTokens, createAccessTokens } from './access-tokens.ts'
import { finishDiscovery, finishTokenAnswer } from './answers.ts'
import { settleBeforeAnswering, tellWithRefreshToken, tokenConcerns } from './audited.ts'
import { askBeforeSpending } from './before-spent.ts'
import { configurationOf, type ProviderSettings } from './configuration.ts'
import { correlationOf } from './front.ts'
import { finishTokenStatus } from './token-status.ts'
import { createFindInteraction, type FindInteraction } from './interactions.ts'
import { memoOf } from './memo.ts'
import { tellKeySetAge } from './key-set-age.ts'
import { addLaunchContext } from './tokens.ts'

/** Refusals are told by code and route; the library's sentences may quote what a stranger sent. */
function tellErrors(
  provider: Provider,
  { events, tenant, settleAudit }: Pick<ProviderSettings, 'events' | 'tenant' | 'settleAudit'>,
): void {
  const about = (ctx: KoaContextWithOIDC) => ({
    correlationId: correlationOf(ctx.req),
    ...(ctx.oidc.client === undefined ? {} : { clientId: ctx.oidc.client.clientId }),
  })
  provider.on('authorization.error', (ctx, error) =>
    events.tell('authorization-refused', { ...about(ctx), code: error.message }),
  )
  provider.on('grant.error', (ctx, error) => events.tell('token-refused', { ...about(ctx), code: error.message }))
  const tellTokens = (ctx: KoaContextWithOIDC): void => {
    const memo = memoOf(ctx)
    if (memo.tokensTold) return
    memo.tokensTold = true
    const code = String(ctx.oidc.params?.['grant_type'])
    const event = code === 'refresh_token' ? 'token-refreshed' : 'token-issued'
    const launchId = memo.authorized?.context.launchId ?? undefined
    const fields = { ...about(ctx), code, ...(launchId === undefined ? {} : { launchId }) }
    events.tell(event, fields, tokenConcerns(ctx, tenant))
  }
  tellWithRefreshToken(provider, tellTokens, settleAudit)
  provider.on('grant.success', tellTokens)
  provider.on('server_error', (ctx, error) => events.failed(error, { correlationId: correlationOf(ctx.req) }))
}

type IssuerProvider = {
  readonly callback: ReturnType<Provider['callback']>
  readonly accessTokens: AccessTokens
  readonly findInteraction: FindInteraction
}

/** QUIRK(oidc-provider): it would not set Secure cookies over plain http, from which browsers keep them on loopback. */
function allowSecureCookies(ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<unknown> {
  ctx.cookies.secure = true
  return next()
}

/** One issuer's OAuth library, bent to SMART. Nothing outside this folder imports the library. */
export function createProvider(settings: ProviderSettings): IssuerProvider {
  const provider = new Provider(settings.issuer, configurationOf(settings))
  // The outside address is the issuer's; `handOver` writes the headers this trusts.
  provider.proxy = true
  // Secrets are stored hashed, so what arrives is hashed before it is compared.
  Object.assign(provider.Client.prototype, {
    compareClientSecret(
      this: { readonly clientSecret: string; readonly clientAuthMethod: string },
      actual: string,
    ): boolean {
      // The registered method is the method (RFC 7591 §2): a secret in the form is no Basic authentication.
      const posted = Provider.ctx?.oidc.body?.['client_secret'] !== undefined
      if (posted !== (this.clientAuthMethod === 'client_secret_post')) return false
      return sameText(this.clientSecret, secretHash(actual))
    },
  })
  // QUIRK(oidc-provider): everything is registered before `callback`, which copies the list.
  provider.use(settleBeforeAnswering(settings.events, settings.settleAudit))
  provider.use(allowSecureCookies)
  provider.use(finishTokenAnswer)
  provider.use(finishDiscovery(settings.discovery))
  provider.use(tellKeySetAge(settings.jwksMaxAgeSeconds))
  askBeforeSpending(provider, settings)
  const accessTokens = createAccessTokens({ ...settings, jwks: publicJwks(settings.keys.published) })
  provider.use(finishTokenStatus({ ...settings, tokens: accessTokens }))
  provider.on('grant.success', addLaunchContext)
  provider.on('grant.success', (ctx) => settings.tokenIssued(ctx.oidc.client?.clientId ?? ''))
  tellErrors(provider, settings)
  return { callback: provider.callback(), accessTokens, findInteraction: createFindInteraction(provider) }
}
