import { type Configuration, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import { originsOf } from '#src/clients/client.ts'
import type { KeySets } from '#src/clients/key-sets.ts'
import { ASSERTION_ALGORITHMS } from '#src/clients/named-key.ts'
import type { IssuerKeys } from '#src/keys/issuer-keys.ts'
import type { LaunchDesk } from '#src/launch/desk.ts'
import type { LaunchEvents } from '#src/launch/events.ts'
import type { Page } from '#src/pages/page.ts'
import type { IssuancePolicy } from '#src/policy/issuance.ts'
import type { ClientRevocations } from '#src/revocations/client-revocations.ts'
import type { ClientStore } from '#src/storage/clients.ts'
import type { OidcRows } from '#src/storage/oidc-rows.ts'
import { createAdapter } from './adapter.ts'
import { checkAssertion, keyOfAssertion } from './assertion.ts'
import { checkAudience, redeemLaunch } from './authorize.ts'
import { createBackendScopes } from './backend-scopes.ts'
import { addNarrowed } from './before-spent.ts'
import { libraryClientOf, SMART_BACKEND, SMART_LEVEL, SMART_SCOPE, SMART_TOKENS } from './client-metadata.ts'
import { correlationOf, RESUME_COOKIE } from './front.ts'
import { grantOfLaunch, registeredScope } from './grant.ts'
import { smartPolicy } from './interaction-policy.ts'
import { lifetimes } from './lifetimes.ts'
import { type Audiences, defaultResource, resourceServerInfo } from './resource.ts'
import { mayIntrospect, mayRevoke } from './token-status.ts'
import { beginStandalone, type StandaloneDeps } from './standalone.ts'
import { extraTokenClaims, findAccount } from './tokens.ts'

type ErrorPage = (given: {
  readonly code: string
  readonly acceptLanguage: string
  readonly correlationId: string
}) => Page

export type ProviderSettings = {
  readonly issuer: string
  readonly tenant: string
  readonly fhirBase: string
  readonly ownApis: Audiences['ownApis']
  readonly keys: IssuerKeys
  readonly jwksMaxAgeSeconds: number
  readonly rows: OidcRows
  readonly clients: ClientStore
  readonly keySets: KeySets
  readonly clientRevocations: ClientRevocations
  readonly desk: LaunchDesk
  readonly policy: IssuancePolicy
  /** Makes what this request did durable in the access log; no answer leaves before. */
  readonly settleAudit: () => Promise<void>
  /** Hears of every client that got a token. */
  readonly tokenIssued: (clientId: string) => void
  readonly standalone: StandaloneDeps
  readonly events: LaunchEvents
  /** Members of openid-configuration that the library cannot know. */
  readonly discovery: Readonly<Record<string, unknown>>
  readonly errorPage: ErrorPage
  readonly now: () => Date
}

/** Every default of the library that SMART, or we, want otherwise (`oidc-provider-notes.md` §2, §3). */
export function configurationOf(settings: ProviderSettings): Configuration {
  const { desk, keySets, clients, now } = settings
  const audiences = { fhirBase: settings.fhirBase, ownApis: settings.ownApis }
  const findClient = async (clientId: string) => {
    const client = await clients.find(clientId)
    return client && libraryClientOf(client, keySets, keyOfAssertion(Provider.ctx?.oidc.params?.['client_assertion']))
  }
  const resourceServerOf = resourceServerInfo(audiences, registeredScope, createBackendScopes(settings))
  const keyAddress = async (clientId: string) => {
    const authentication = (await clients.find(clientId))?.authentication
    return authentication?.method === 'private_key_jwt' && authentication.keys.kind === 'address'
      ? authentication.keys.jwksUri
      : undefined
  }
  return {
    adapter: createAdapter(settings.rows, findClient, settings.events, now),
    jwks: { keys: settings.keys.published.map((key) => ({ ...key.privateJwk, kty: key.privateJwk.kty ?? '' })) },
    findAccount: findAccount({
      desk,
      directory: settings.standalone.directory,
      rows: settings.rows,
      events: settings.events,
      now,
    }),
    loadExistingGrant: grantOfLaunch(desk, settings.standalone),
    extraTokenClaims: extraTokenClaims(settings.tenant),
    responseTypes: ['code'],
    scopes: ['openid', 'offline_access', 'online_access'],
    claims: { openid: ['sub'], fhirUser: ['fhirUser'], profile: ['fhirUser'] },
    // fhirUser stands in the ID token itself, whatever the access token is for (SAL-115).
    conformIdTokenClaims: false,
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: [...ASSERTION_ALGORITHMS], idTokenSigningAlgValues: ['RS256', 'ES256'] },
    // SAL-75: waived for apps of SMART 1.0 alone; a challenge they send holds all the same.
    pkce: { required: (_ctx, client) => client[SMART_LEVEL] !== '1.0' },
    // SMART requires the address, and the token request repeats it (RFC 6749 §4.1.3).
    allowOmittingSingleRegisteredRedirectUri: false,
    // QUIRK(oidc-provider): validators run in the order of these members; the handle is spent last.
    extraParams: {
      aud: checkAudience(settings.fhirBase),
      launch: redeemLaunch(desk, settings, beginStandalone(settings.standalone)),
    },
    // Bound to a session, a token would die when the same app is launched again in the same browser.
    expiresWithSession: async () => false,
    rotateRefreshToken: true,
    issueRefreshToken: async (_ctx, client, source) =>
      client.grantTypeAllowed('refresh_token') &&
      (source.scopes.has('offline_access') || source.scopes.has('online_access')),
    // Pages are for standalone launches alone: what an EHR launch would need one for is refused before.
    interactions: {
      policy: smartPolicy(),
      url: (_ctx, interaction) => `${settings.issuer}/interaction/${interaction.uid}`,
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      dPoP: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: mayIntrospect },
      revocation: { enabled: true, allowedPolicy: mayRevoke(settings) },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: async () => true,
        defaultResource: defaultResource(audiences),
        getResourceServerInfo: (ctx, resource) => {
          addNarrowed(ctx, resource)
          return resourceServerOf(ctx, resource)
        },
      },
    },
    extraClientMetadata: {
      properties: [SMART_SCOPE, SMART_BACKEND, SMART_TOKENS, SMART_LEVEL],
      validator: () => undefined,
    },
    assertJwtClientAuthClaimsAndHeader: checkAssertion(settings.issuer, now, keyAddress),
    clientBasedCORS: (_ctx, origin, client) => originsOf({ redirectUris: client.redirectUris ?? [] }).includes(origin),
    enableHttpPostMethods: true,
    cookies: {
      keys: [...settings.keys.cookieKeys],
      names: { interaction: '__Secure-uthopp-interaction', resume: RESUME_COOKIE },
      // No cookie is ever set with this; the library demands it for POST authorization requests.
      long: { sameSite: 'none', secure: true, httpOnly: true },
      // An app opens this server by navigation, and its pages live in no frame. Each cookie goes to one interaction's address.
      short: { sameSite: 'lax', secure: true, httpOnly: true, signed: true },
    },
    routes: {
      authorization: '/auth',
      token: '/token',
      jwks: '/jwks',
      introspection: '/introspect',
      revocation: '/revoke',
    },
    ttl: lifetimes,
    renderError: (ctx, out) => renderError(settings, ctx, out.error),
    fetch: () => Promise.reject(new Error('the library fetches nothing: client keys come from the client store')),
  }
}

function renderError(settings: ProviderSettings, ctx: KoaContextWithOIDC, code: string): void {
  const correlationId = correlationOf(ctx.req)
  const page = settings.errorPage({ code, acceptLanguage: ctx.get('accept-language'), correlationId })
  ctx.type = 'html'
  ctx.body = page.body
  ctx.set('content-security-policy', page.csp)
  ctx.remove('x-frame-options') // it would overrule the page's `frame-ancestors`
}
