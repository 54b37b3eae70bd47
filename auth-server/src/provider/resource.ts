import { errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider'
import { scopesIn } from '@uthopp/smart-core/scope/tokens'
import { SMART_BACKEND, SMART_TOKENS } from './client-metadata.ts'
import { isFhirBase } from './fhir-base.ts'

/** Short, because whoever does not follow the revocation stream knows of nothing but expiry. */
const ACCESS_TOKEN_SECONDS = 300

/** Where tokens are for: the FHIR base, and our own APIs by the scopes each takes. */
export type Audiences = { readonly fhirBase: string; readonly ownApis: ReadonlyMap<string, readonly string[]> }

const isClientCredentials = (ctx: KoaContextWithOIDC): boolean =>
  ctx.oidc.params?.['grant_type'] === 'client_credentials'

/** A scope of our own means the API that takes it and every other scope the FHIR base, so that nobody has to send `resource`. */
export const defaultResource =
  ({ fhirBase, ownApis }: Audiences) =>
  (ctx: KoaContextWithOIDC): string => {
    const ownService = isClientCredentials(ctx) && ctx.oidc.client?.[SMART_BACKEND] !== true
    const asked = ownService ? scopesIn(ctx.oidc.params?.['scope']) : []
    return [...ownApis].find(([, scopes]) => scopes.some((scope) => asked.includes(scope)))?.[0] ?? fhirBase
  }

/** What was granted where something was, else what is asked: the launch decides which of it stays (`grant.ts`). */
function scopeOf(ctx: KoaContextWithOIDC): string {
  // QUIRK(oidc-provider): at the token endpoint `params.scope` is empty or a wish to narrow; the source holds the grant.
  const source = ctx.oidc.entities.AuthorizationCode ?? ctx.oidc.entities.RefreshToken
  const asked = ctx.oidc.params?.['scope']
  return source?.scope ?? (typeof asked === 'string' ? asked : '')
}

export const resourceServerInfo =
  (
    audiences: Audiences,
    registeredScope: (ctx: KoaContextWithOIDC) => string,
    backendScopes: (ctx: KoaContextWithOIDC) => Promise<string>,
  ) =>
  async (ctx: KoaContextWithOIDC, resource: string): Promise<ResourceServer> => {
    const opaque = ctx.oidc.client?.[SMART_TOKENS] === 'opaque'
    const base = {
      accessTokenTTL: ACCESS_TOKEN_SECONDS,
      ...(opaque
        ? { accessTokenFormat: 'opaque' as const }
        : { accessTokenFormat: 'jwt' as const, jwt: { sign: { alg: 'ES256' } } as const }),
    }
    if (
      isClientCredentials(ctx) &&
      ctx.oidc.client?.[SMART_BACKEND] === true &&
      isFhirBase(resource, audiences.fhirBase)
    )
      return { ...base, scope: await backendScopes(ctx), audience: audiences.fhirBase }
    if (isClientCredentials(ctx)) {
      const scopes = audiences.ownApis.get(resource)
      if (scopes === undefined) throw new errors.InvalidTarget('this client is served at our own APIs only')
      const asked = scopesIn(ctx.oidc.params?.['scope'])
      const registered = scopesIn(registeredScope(ctx))
      const scope = scopes.filter((each) => asked.includes(each) && registered.includes(each)).join(' ')
      if (scope === '')
        throw new errors.CustomOIDCProviderError('invalid_scope', 'no requested scope is registered for this client')
      return { ...base, scope, audience: resource }
    }
    if (!isFhirBase(resource, audiences.fhirBase))
      throw new errors.InvalidTarget('`resource` is not the FHIR base of this trust')
    return { ...base, scope: scopeOf(ctx), audience: audiences.fhirBase }
  }
