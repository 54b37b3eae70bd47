import { type SmartConfiguration, smartConfiguration } from '@uthopp/smart-core/discovery'

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
export const smartConfigurationOf = (issuer: string, gateway: { readonly appState: string }): SmartConfiguration =>
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
    scopes: SCOPES,
  })
