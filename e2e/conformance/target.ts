import { DEMO_PASSWORD } from '../lib/demo-password.ts'

/** The server under test: everything else is discovered. `launcher` offers launches for it (contracts §3). */
export type Target = {
  readonly tenant: string
  readonly fhirBase: string
  readonly launcher: string
  /** Who signs in and which patient is picked where a launch asks. */
  readonly person: { readonly username: string; readonly password: string }
  readonly patient: string | undefined
}

/** A clinician of each trust of the demo world (the README lists them all). */
const CLINICIANS: ReadonlyMap<string, string> = new Map([
  ['993467049', 'nordmann'],
  ['983971636', 'tveit'],
])

export const targetOf = (at: {
  readonly tenant: string
  readonly fhirBase: string
  readonly launcher: string
}): Target => ({
  ...at,
  person: { username: CLINICIANS.get(at.tenant) ?? 'nordmann', password: DEMO_PASSWORD },
  patient: undefined,
})

/** The members of smart-configuration that the flows use (SMART App Launch 2.2.0, "Conformance"). */
export type SmartConfiguration = {
  readonly issuer: string
  readonly jwks_uri: string
  readonly authorization_endpoint: string
  readonly token_endpoint: string
  readonly registration_endpoint: string
  readonly introspection_endpoint?: string
  readonly revocation_endpoint?: string
  readonly token_endpoint_auth_methods_supported: readonly string[]
  readonly token_endpoint_auth_signing_alg_values_supported?: readonly string[]
  readonly grant_types_supported: readonly string[]
  readonly capabilities: readonly string[]
  readonly [member: string]: unknown
}

export async function discover(target: Target): Promise<SmartConfiguration> {
  const answer = await fetch(`${target.fhirBase}/.well-known/smart-configuration`, {
    headers: { accept: 'application/json' },
  })
  if (answer.status !== 200) throw new Error(`discovery answered ${answer.status}`)
  const found = (await answer.json()) as SmartConfiguration // every member used is asserted by the kit checks
  for (const member of ['issuer', 'jwks_uri', 'authorization_endpoint', 'token_endpoint', 'registration_endpoint'])
    if (typeof found[member] !== 'string') throw new Error(`discovery has no ${member}`)
  return found
}
