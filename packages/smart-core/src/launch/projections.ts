import { covers, parseScopeSet, type ScopeSet } from '../scope/scope-set.ts'
import type { FhirContextItem } from './fhir-context.ts'
import type { AuthorizedLaunch } from './launch.ts'

/** Launch context as it stands beside `access_token` (contracts §6; SAL-92). */
export type TokenResponseFields = {
  readonly patient?: string
  readonly encounter?: string
  readonly fhirContext?: readonly FhirContextItem[]
  readonly need_patient_banner?: boolean
  readonly intent?: string
  readonly appContext?: string
  readonly tenant?: string
  readonly smart_style_url?: string
}

/** Our claims of an access token; `iss sub aud client_id scope iat exp jti cnf` belong to whoever signs it. */
export type AccessTokenClaims = {
  readonly tenant: string
  readonly grant_id: string
  readonly patient?: string
  readonly encounter?: string
}

export type IdTokenClaims = { readonly fhirUser?: string }

/** What of the context the granted scopes let the app know. */
function toldContext(launch: AuthorizedLaunch): {
  scopes: ScopeSet
  all: boolean
  patient: boolean
  encounter: boolean
} {
  const { scopes } = parseScopeSet(launch.granted.join(' '))
  const all = scopes.names.has('launch')
  const asks = (type: string): boolean => covers(scopes, { kind: 'launch-context', type, role: null })
  // SAL-93: whoever may read a patient's data is told whose.
  const patientData = scopes.resources.some((scope) => scope.level === 'patient')
  return { scopes, all, patient: all || asks('patient') || patientData, encounter: all || asks('encounter') }
}

export function tokenResponseFields(launch: AuthorizedLaunch): TokenResponseFields {
  const { context } = launch
  const told = toldContext(launch)
  const items = context.fhirContext.filter((item) => told.all || asksFor(told.scopes, item))
  return {
    ...(told.patient && context.patient !== null && { patient: context.patient }),
    ...(told.encounter && context.encounter !== null && { encounter: context.encounter }),
    ...(items.length > 0 && { fhirContext: items }),
    ...(context.needPatientBanner !== null && { need_patient_banner: context.needPatientBanner }),
    ...(told.all && context.intent !== null && { intent: context.intent }),
    // Launches written before there was such a member have none.
    ...(told.all && typeof context.appContext === 'string' && { appContext: context.appContext }),
    ...(told.all && context.smartStyleUrl !== null && { smart_style_url: context.smartStyleUrl }),
    tenant: context.tenant,
  }
}

/** A `launch/<type>` scope brings items of its type and role (SAL-105). */
function asksFor(scopes: ScopeSet, item: FhirContextItem): boolean {
  const type = item.type ?? item.reference?.split('/', 1)[0]
  if (type === undefined) return false
  return covers(scopes, { kind: 'launch-context', type: type.toLowerCase(), role: item.role ?? null })
}

export function accessTokenClaims(launch: AuthorizedLaunch): AccessTokenClaims {
  const { context, grantId } = launch
  const told = toldContext(launch)
  return {
    tenant: context.tenant,
    grant_id: grantId,
    ...(told.patient && context.patient !== null && { patient: context.patient }),
    ...(told.encounter && context.encounter !== null && { encounter: context.encounter }),
  }
}

/** SAL-115: `fhirUser` stands in the ID token whenever both scopes are granted; `profile` is its 1.0 name (SAL-237). */
export function idTokenClaims(launch: AuthorizedLaunch): IdTokenClaims {
  const { names } = parseScopeSet(launch.granted.join(' ')).scopes
  const granted = names.has('openid') && (names.has('fhirUser') || names.has('profile'))
  return granted && launch.context.fhirUser !== null ? { fhirUser: launch.context.fhirUser } : {}
}
