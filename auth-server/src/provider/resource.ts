import { errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider'
import { isFhirBase } from './fhir-base.ts'

/** Short, because until the revocation stream exists only expiry ends a token that travels. */
const ACCESS_TOKEN_SECONDS = 300

export type Audiences = { readonly fhirBase: string; readonly launches: string }

const isClientCredentials = (ctx: KoaContextWithOIDC): boolean =>
  ctx.oidc.params?.['grant_type'] === 'client_credentials'

const scopesIn = (text: unknown): readonly string[] =>
  typeof text === 'string' ? text.split(' ').filter((scope) => scope !== '') : []

/** `__launch` means the launch API and every other scope the FHIR base, so that nobody has to send `resource`. */
export const defaultResource =
  (audiences: Audiences) =>
  (ctx: KoaContextWithOIDC): string =>
    isClientCredentials(ctx) && scopesIn(ctx.oidc.params?.['scope']).includes('__launch')
      ? audiences.launches
      : audiences.fhirBase

/** What was granted where something was, else what is asked: the launch decides which of it stays (`grant.ts`). */
function scopeOf(ctx: KoaContextWithOIDC): string {
  // QUIRK(oidc-provider): at the token endpoint `params.scope` is empty or a wish to narrow; the source holds the grant.
  const source = ctx.oidc.entities.AuthorizationCode ?? ctx.oidc.entities.RefreshToken
  const asked = ctx.oidc.params?.['scope']
  return source?.scope ?? (typeof asked === 'string' ? asked : '')
}

export const resourceServerInfo =
  (audiences: Audiences, registeredScope: (ctx: KoaContextWithOIDC) => string) =>
  (ctx: KoaContextWithOIDC, resource: string): ResourceServer => {
    const base = {
      accessTokenTTL: ACCESS_TOKEN_SECONDS,
      accessTokenFormat: 'jwt',
      jwt: { sign: { alg: 'ES256' } },
    } as const
    if (isClientCredentials(ctx)) {
      const registered = new Set(scopesIn(registeredScope(ctx)))
      const granted = scopesIn(ctx.oidc.params?.['scope']).filter((scope) => registered.has(scope))
      if (resource !== audiences.launches)
        throw new errors.InvalidTarget('this client is served at the launch API only')
      if (granted.length === 0)
        throw new errors.CustomOIDCProviderError('invalid_scope', 'no requested scope is registered for this client')
      return { ...base, scope: granted.join(' '), audience: audiences.launches }
    }
    if (!isFhirBase(resource, audiences.fhirBase))
      throw new errors.InvalidTarget('`resource` is not the FHIR base of this trust')
    return { ...base, scope: scopeOf(ctx), audience: audiences.fhirBase }
  }
