import type { AccessContext } from '@uthopp/smart-core/access'
import { parseReference } from '@uthopp/smart-core/fhir-id'
import { isProblem } from '@uthopp/smart-core/problem'
import type { Permission } from '@uthopp/smart-core/scope/permission'
import type { ScopeLevel } from '@uthopp/smart-core/scope/resource-scope'
import { stateCodesOf } from '@uthopp/smart-core/scope/state-code'
import type { Drawer } from './state-store.ts'

/** Given by the trust to apps that may write what every user of the app reads (SAL-221: admin apps). */
const GLOBAL_STATE_SCOPE = '__app_state.global'

export const GLOBAL_HOLDER = ''

/**
 * The drawers a token opens for one letter. A state code counts only in a scope that names it or its origin, and such scopes are issued for
 * codes of the app's own origin only; no other scope opens app state, however wide it is at the FHIR base.
 */
export function drawersOf(access: AccessContext, letter: Permission): readonly Drawer[] {
  return access.scopes.resources.flatMap((scope) => {
    const code = scope.permissions.includes(letter) ? stateCodesOf(scope) : undefined
    if (code === undefined) return []
    return holdersOf(access, scope.level, letter).map((holder) => ({ ...code, holder }))
  })
}

function holdersOf(access: AccessContext, level: ScopeLevel, letter: Permission): readonly string[] {
  const patient = access.patient === undefined ? [] : [`Patient/${access.patient}`]
  const user = level === 'user' && access.fhirUser !== undefined ? [access.fhirUser] : []
  const mayWriteGlobal = level === 'user' && access.scopes.names.has(GLOBAL_STATE_SCOPE)
  const reading = letter === 'r' || letter === 's'
  return [...patient, ...user, ...(reading || mayWriteGlobal ? [GLOBAL_HOLDER] : [])]
}

/** Subjects whose standing towards the user no token tells. */
const KEPT_FOR_THE_USER = new Set(['PractitionerRole', 'RelatedPerson', 'Person'])

/**
 * Whose drawer a state about this subject lies in; `undefined` when it is no subject at all.
 *
 * A Patient's or Practitioner's state is theirs. Who stands behind a role, a relative or a Person cannot be checked here, so
 * what a user keeps about those is for that user alone.
 */
export function holderOf(access: AccessContext, subject: string, fhirBase: string): string | undefined {
  if (!subject.startsWith(`${fhirBase}/`)) return undefined
  const reference = parseReference(subject.slice(fhirBase.length + 1))
  if (isProblem(reference)) return undefined
  const { type, id } = reference
  if (type === 'Patient' || type === 'Practitioner') return `${type}/${id}`
  return KEPT_FOR_THE_USER.has(type) ? access.fhirUser : undefined
}

export const holds = (drawers: readonly Drawer[], wanted: Drawer): boolean =>
  drawers.some(
    ({ system, code, holder }) =>
      system === wanted.system && (code === '' || code === wanted.code) && holder === wanted.holder,
  )
