/** Absolute addresses of one issuer; what is absent is not offered. */
export type Endpoints = {
  readonly authorization: string
  readonly token: string
  readonly jwks: string
  readonly registration?: string
  readonly introspection?: string
  readonly revocation?: string
  readonly management?: string
  /** Where apps keep state of their own; not below the FHIR base, so it is told beside the capability (SAL-212). */
  readonly appState?: string
}

/** The `Organization.identifier` that tells one brand of a bundle from the others (SAL-225). */
export type BrandIdentifier = { readonly system: string; readonly value: string }

/** What an issuer truly does now: a listed capability is a promise a client may test (SAL-17). */
export type Offer = {
  readonly issuer: string
  readonly endpoints: Endpoints
  /** Standalone launch, with the context it can ask the person for. */
  readonly standalone: { readonly patient: boolean; readonly encounter: boolean } | null
  readonly symmetricClients: boolean
  readonly authorizePost: boolean
  readonly backendServices: boolean
  /** `smart_style_url` is handed to apps. */
  readonly style: boolean
  readonly onlineAccess: boolean
  /** Where the brands are published, and which of them is this one. */
  readonly brands?: { readonly bundle: string; readonly identifier: BrandIdentifier } | undefined
  readonly scopes: readonly string[]
}

/** The wire form of `/.well-known/smart-configuration` (SMART App Launch 2.2.0, "Conformance"). */
export type SmartConfiguration = {
  readonly issuer: string
  readonly jwks_uri: string
  readonly authorization_endpoint: string
  readonly token_endpoint: string
  readonly token_endpoint_auth_methods_supported: readonly string[]
  /** The same under its name of SMART 1.0 (SAL-238). */
  readonly token_endpoint_auth_methods: readonly string[]
  readonly token_endpoint_auth_signing_alg_values_supported: readonly string[]
  readonly grant_types_supported: readonly string[]
  readonly registration_endpoint?: string
  readonly introspection_endpoint?: string
  readonly revocation_endpoint?: string
  readonly management_endpoint?: string
  readonly scopes_supported: readonly string[]
  readonly response_types_supported: readonly string[]
  readonly code_challenge_methods_supported: readonly string[]
  readonly capabilities: readonly string[]
  readonly associated_endpoints?: readonly { readonly url: string; readonly capabilities: readonly string[] }[]
  readonly user_access_brand_bundle?: string
  readonly user_access_brand_identifier?: BrandIdentifier
}

/** Builds the document; everything in it follows from the offer. */
export function smartConfiguration(offer: Offer): SmartConfiguration {
  const { endpoints } = offer
  const authMethods = [
    'none',
    'private_key_jwt',
    ...(offer.symmetricClients ? ['client_secret_basic', 'client_secret_post'] : []),
  ]
  return {
    issuer: offer.issuer,
    jwks_uri: endpoints.jwks,
    authorization_endpoint: endpoints.authorization,
    token_endpoint: endpoints.token,
    token_endpoint_auth_methods_supported: authMethods,
    token_endpoint_auth_methods: authMethods,
    token_endpoint_auth_signing_alg_values_supported: ['RS384', 'ES384'],
    grant_types_supported: [
      'authorization_code',
      'refresh_token',
      ...(offer.backendServices ? ['client_credentials'] : []),
    ],
    ...(endpoints.registration !== undefined && { registration_endpoint: endpoints.registration }),
    ...(endpoints.introspection !== undefined && { introspection_endpoint: endpoints.introspection }),
    ...(endpoints.revocation !== undefined && { revocation_endpoint: endpoints.revocation }),
    ...(endpoints.management !== undefined && { management_endpoint: endpoints.management }),
    scopes_supported: offer.scopes,
    response_types_supported: ['code'],
    // SAL-11: `plain` is never offered.
    code_challenge_methods_supported: ['S256'],
    capabilities: capabilitiesOf(offer),
    ...(endpoints.appState !== undefined && {
      associated_endpoints: [{ url: endpoints.appState, capabilities: ['smart-app-state'] }],
    }),
    ...(offer.brands !== undefined && {
      user_access_brand_bundle: offer.brands.bundle,
      user_access_brand_identifier: offer.brands.identifier,
    }),
  }
}

function capabilitiesOf(offer: Offer): readonly string[] {
  const offered: readonly (readonly [string, boolean])[] = [
    ['launch-ehr', true],
    ['launch-standalone', offer.standalone !== null],
    ['authorize-post', offer.authorizePost],
    ['client-public', true],
    ['client-confidential-symmetric', offer.symmetricClients],
    ['client-confidential-asymmetric', true],
    ['sso-openid-connect', true],
    ['context-banner', true],
    ['context-style', offer.style],
    ['context-ehr-patient', true],
    ['context-ehr-encounter', true],
    ['context-standalone-patient', offer.standalone?.patient === true],
    ['context-standalone-encounter', offer.standalone?.encounter === true],
    ['permission-offline', true],
    ['permission-online', offer.onlineAccess],
    ['permission-patient', true],
    ['permission-user', true],
    ['permission-v1', true],
    ['permission-v2', true],
    ['smart-app-state', offer.endpoints.appState !== undefined],
  ]
  return offered.filter(([, is]) => is).map(([capability]) => capability)
}
