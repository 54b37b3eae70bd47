import { appStateOf, brandBundleOf, brandIdentifierOf, type Deployment } from '@uthopp/server-kit/deployment'
import { type BrandIdentifier, type SmartConfiguration, smartConfiguration } from '@uthopp/smart-core/discovery'

/** Scopes worth naming: apps may ask for any the grammar allows, and get what they are registered for. */
const SCOPES = [
  'openid',
  'fhirUser',
  'launch',
  'launch/patient',
  'launch/encounter',
  'offline_access',
  'online_access',
  'patient/*.rs',
  'user/*.rs',
  'system/*.rs',
]

/** `<issuer>/.well-known/smart-configuration`: only what works now. The gateway serves it under the FHIR base. */
export const smartConfigurationOf = (issuer: string, gateway: GatewayOffer): SmartConfiguration =>
  smartConfiguration({
    issuer,
    endpoints: {
      authorization: `${issuer}/auth`,
      token: `${issuer}/token`,
      jwks: `${issuer}/jwks`,
      registration: `${issuer}/register`,
      introspection: `${issuer}/introspect`,
      revocation: `${issuer}/revoke`,
      management: `${issuer}/apps`,
      appState: gateway.appState,
    },
    standalone: { patient: true, encounter: true },
    symmetricClients: true,
    authorizePost: true,
    backendServices: true,
    style: true,
    onlineAccess: true,
    brands: gateway.brands,
    scopes: SCOPES,
  })

/** What the gateway offers beside the FHIR base of a trust. */
type GatewayOffer = {
  readonly appState: string
  readonly brands: { readonly bundle: string; readonly identifier: BrandIdentifier } | undefined
}

export function gatewayOfferOf(deployment: Deployment, orgnr: string): GatewayOffer {
  const brand = deployment.brands?.trusts.find((each) => each.orgnr === orgnr)
  return {
    appState: appStateOf(deployment, orgnr),
    brands: brand && { bundle: brandBundleOf(deployment), identifier: brandIdentifierOf(brand) },
  }
}
