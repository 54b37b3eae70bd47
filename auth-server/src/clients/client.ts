import type { JSONWebKeySet } from 'jose'

export type GrantType = 'authorization_code' | 'refresh_token' | 'client_credentials'

/** Where a client's public keys come from. */
export type ClientKeys =
  | { readonly kind: 'inline'; readonly jwks: JSONWebKeySet; readonly digest: string }
  | { readonly kind: 'address'; readonly jwksUri: string }

export type ClientAuthentication =
  | { readonly method: 'none' }
  | { readonly method: 'client_secret_basic' | 'client_secret_post'; readonly secretHash: string }
  | { readonly method: 'private_key_jwt'; readonly keys: ClientKeys }

/** What a client may do because it is a host: offer launches, and have browsers start them. */
export type HostPowers = {
  /** Origins a start form may come from; the refusal page may be framed by, and speaks to, the same. */
  readonly origins: readonly string[]
  /** The marked exception of the demo world: a link from the developer portal starts a launch by GET. */
  readonly startByGet: boolean
  /** Registered by the trust for hosts that cannot start launches in a browser of ours. */
  readonly unboundLaunches: boolean
}

/**
 * `1.0`: before PKCE, and `fhirContext` is a list of references. `2.0`: PKCE, and the same list. `2.2`: everything as it is now.
 */
export type SmartLevel = (typeof SMART_LEVELS)[number]
export const SMART_LEVELS = ['1.0', '2.0', '2.2'] as const

export const isSmartLevel = (value: unknown): value is SmartLevel => SMART_LEVELS.some((level) => level === value)

export const smartLevelOf = (client: Pick<Client, 'smartLevel'> | undefined): SmartLevel => client?.smartLevel ?? '2.2'

/** One registered client of one tenant. */
export type Client = {
  readonly clientId: string
  readonly name: string
  readonly redirectUris: readonly string[]
  readonly launchUris: readonly string[]
  readonly grantTypes: readonly GrantType[]
  readonly authentication: ClientAuthentication
  /** The scopes it may ever be granted, as registered. */
  readonly scope: string
  readonly idTokenAlg: 'RS256' | 'ES256'
  readonly zone: 'internal' | 'external'
  /** Absent: what is usual in its zone (`grant-facts.ts`). */
  readonly mayWrite?: boolean
  /** What its access tokens are; absent: `jwt`. An opaque one says nothing to whoever holds it. */
  readonly accessTokenFormat?: 'jwt' | 'opaque'
  /** Which SMART App Launch it was written for; absent: `2.2` (SAL-35, SAL-237). */
  readonly smartLevel?: SmartLevel
  /** Who approved the app for EHR launches of this trust; without approval no launch is offered. */
  readonly approval: 'trust' | 'demo-automatic' | 'none'
  /** Who approved it as a backend service: `system/` scopes without a person. No other approval gives them. */
  readonly backend?: 'trust' | 'demo-automatic'
  /** The trust lets standalone launches of this app go without asking; registration never does (contracts §3). */
  readonly skipConsent?: boolean
  readonly host: HostPowers | undefined
  /** Of an app that registered itself: what whoever registered it proves that with (RFC 7592). */
  readonly registration?: {
    readonly tokenHash: string
    readonly issuedAtSeconds: number
    /** The most it may ever register, by what let it in; absent: whatever there is. */
    readonly ceiling?: string
  }
}

/** The origins a browser app of this client runs at: CORS answers these and no others. */
export const originsOf = (client: Pick<Client, 'redirectUris'>): readonly string[] => [
  ...new Set(client.redirectUris.map((uri) => new URL(uri).origin)),
]
