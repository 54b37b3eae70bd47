/** One hospital trust (HF) served by this deployment. */
export type TrustDeployment = {
  /** Nine-digit organisation number; the tenant key. */
  readonly orgnr: string
  readonly name: string
  readonly shortName: string
  /** Any FHIR R4 base may stand behind the gateway; absent, the simulated host's own store does. */
  readonly fhirUpstream: string
  readonly dicomwebUpstream: string
  /** Patient administration, and the registers of licences and blocks: who may change what access depends on. */
  readonly registers?: readonly RegisterDeployment[]
  readonly policy: PolicyDeployment
}

/** `log-only`: decided, logged and audited, and not acted on. `off`: nobody is asked. */
export type PolicyStage = 'enforce' | 'log-only' | 'off'

/** How far each place that asks the decision point of a trust acts on its answers. */
export type PolicyDeployment = {
  /** Where the authorization server grants scopes. */
  readonly issuance: PolicyStage
  /** Where data leaves, request by request. */
  readonly gateway: PolicyStage
  /** The host's own chart and dialogs. */
  readonly host: PolicyStage
  /** A folder of rules of the trust's own; absent, those that come with the rule book serve. */
  readonly rules?: string
  /** A decision point elsewhere, asked over AuthZEN; absent, each process decides for itself. */
  readonly pdp?: string
}

/** A system of the trust's own that speaks with a key of its own. */
export type RegisterDeployment = { readonly issuer: string; readonly jwksUri: string }

/** An app approved by every trust of this deployment before anybody registers one over the API. */
export type AppDeployment = {
  readonly clientId: string
  /** What the clinician reads on the tile. */
  readonly name: string
  /** The origin the app is served from. */
  readonly origin: string
  readonly launchUris: readonly string[]
  readonly redirectUris: readonly string[]
  readonly scope: string
  /** Where the host offers it: in an open patient, for the whole unit, or both. */
  readonly contexts: readonly ('patient' | 'unit')[]
  /** What its access tokens look like; absent: `jwt`. */
  readonly accessTokenFormat?: 'jwt' | 'opaque'
  /** `1.0` waives PKCE; with it and `2.0` the token response has `fhirContext` in the form of before 2.1. Absent: `2.2`. */
  readonly smartLevel?: '1.0' | '2.0' | '2.2'
  /** `external`: outside the trust, so its tokens have to be bound to it. Absent: `internal`. */
  readonly zone?: 'internal' | 'external'
  /** Absent: apps of the trust's own zone may, others may not. */
  readonly mayWrite?: boolean
}

/** Who a patient recognises behind these FHIR servers (SMART App Launch 2.2.0, "User-Access Brands"). */
export type BrandsDeployment = {
  /** What developers of apps read. */
  readonly developerSite: string
  /** The organisation the trusts belong to. */
  readonly region?: { readonly orgnr: string; readonly name: string; readonly site: string }
  readonly trusts: readonly TrustBrand[]
}

/** A trust that wants to be found. */
export type TrustBrand = {
  readonly orgnr: string
  readonly site: string
  readonly logo?: string
  /** Where patients sign in to what the FHIR server of the trust holds about them. */
  readonly portal?: { readonly name: string; readonly url: string; readonly description?: string }
}

/** Where the processes of one deployment stand, and whom they know. */
export type Deployment = {
  /** `demo` permits loopback http, seeded people and open registration. */
  readonly world: 'demo' | 'production'
  readonly addresses: {
    readonly launcher: string
    readonly host: string
    readonly auth: string
    readonly gateway: string
  }
  /** Origins the work surface may be opened at; launches start only from these. */
  readonly hostOrigins: readonly string[]
  readonly trusts: readonly TrustDeployment[]
  readonly apps: readonly AppDeployment[]
  /** Absent where no brands are published. */
  readonly brands?: BrandsDeployment
}

export const issuerOf = (deployment: Deployment, orgnr: string): string => `${deployment.addresses.auth}/${orgnr}`
export const fhirBaseOf = (deployment: Deployment, orgnr: string): string =>
  `${deployment.addresses.gateway}/${orgnr}/fhir`
export const dicomwebDoorOf = (deployment: Deployment, orgnr: string): string =>
  `${deployment.addresses.gateway}/${orgnr}/dicomweb`
export const appStateOf = (deployment: Deployment, orgnr: string): string =>
  `${deployment.addresses.gateway}/${orgnr}/app-state`
export const directoryOf = (deployment: Deployment, orgnr: string): string =>
  `${deployment.addresses.host}/${orgnr}/directory`
export const factsOf = (deployment: Deployment, orgnr: string): string => `${deployment.addresses.host}/${orgnr}/facts`
/** The host's own access control; its address for questions is `/decide` below. */
export const caacOf = (deployment: Deployment, orgnr: string): string => `${deployment.addresses.host}/${orgnr}/caac`
export const brandBundleOf = (deployment: Deployment): string => `${deployment.addresses.gateway}/brands.json`

/** The identifier of a brand by its web site, without `www.` and path, as SMART recommends. */
export const brandIdentifierOf = ({ site }: { readonly site: string }) => ({
  system: 'urn:ietf:rfc:3986',
  value: new URL(site).origin.replace('://www.', '://'),
})
