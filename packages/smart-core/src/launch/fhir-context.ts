import { parseReference } from '../fhir-id.ts'
import { isRecord } from '../fhir/resource.ts'
import { isResourceType } from '../fhir/resource-types.ts'
import { type Problem, isProblem, problem } from '../problem.ts'
import { isAbsoluteUri } from '../scope/scope.ts'
import { membersBeyond } from './members.ts'

/** One item of `fhirContext`; names are the wire's, because items pass through to the app as they are. */
export type FhirContextItem = {
  readonly reference?: string
  readonly canonical?: string
  readonly identifier?: { readonly system?: string; readonly value: string }
  readonly type?: string
  readonly role?: string
}

const MEMBERS = ['reference', 'canonical', 'identifier', 'type', 'role'] as const

/** Reads one item (SMART App Launch 2.2.0, "fhirContext Experimental"; SAL-102 to SAL-108). */
export function parseFhirContextItem(value: unknown): FhirContextItem | Problem {
  if (!isRecord(value)) return problem('fhirContext', 'each item is an object')
  const beyond = membersBeyond(value, MEMBERS)
  if (beyond !== undefined) return problem(beyond, `unknown member \`fhirContext.${beyond}\``)
  const { reference, canonical, identifier, type, role } = value
  if (reference === undefined && canonical === undefined && identifier === undefined)
    return problem('fhirContext', 'each item has a reference, a canonical or an identifier')
  const wrong =
    wrongReference(reference, role) ??
    wrongCanonical(canonical) ??
    wrongIdentifier(identifier) ??
    wrongType(type, role) ??
    wrongRole(role)
  if (wrong !== undefined) return problem('fhirContext', wrong)
  return value // every member present has been checked against FhirContextItem
}

/** SAL-104: the launch patient and encounter have members of their own. */
const hasOwnMember = (type: string, role: unknown): boolean =>
  (type === 'Patient' || type === 'Encounter') && (role === undefined || role === 'launch')

function wrongReference(reference: unknown, role: unknown): string | undefined {
  if (reference === undefined) return undefined
  const parsed = typeof reference === 'string' ? parseReference(reference) : undefined
  if (parsed === undefined || isProblem(parsed)) return '`reference` is a relative reference, Type/id'
  return hasOwnMember(parsed.type, role) ? `${parsed.type} needs a role other than \`launch\`` : undefined
}

function wrongCanonical(canonical: unknown): string | undefined {
  if (canonical === undefined) return undefined
  return typeof canonical === 'string' && isAbsoluteUri(canonical) ? undefined : '`canonical` is an absolute URI'
}

function wrongIdentifier(identifier: unknown): string | undefined {
  if (identifier === undefined) return undefined
  if (!isRecord(identifier)) return '`identifier` is an object'
  const { system, value } = identifier
  const beyond = membersBeyond(identifier, ['system', 'value'])
  if (beyond !== undefined) return `unknown member \`identifier.${beyond}\``
  if (system !== undefined && (typeof system !== 'string' || !isAbsoluteUri(system)))
    return '`identifier.system` is an absolute URI'
  return typeof value === 'string' && value !== '' ? undefined : '`identifier.value` is a text'
}

function wrongType(type: unknown, role: unknown): string | undefined {
  if (type === undefined) return undefined
  if (typeof type !== 'string' || !isResourceType(type)) return '`type` is an R4 resource type'
  return hasOwnMember(type, role) ? `${type} needs a role other than \`launch\`` : undefined
}

function wrongRole(role: unknown): string | undefined {
  if (role === undefined || role === 'launch') return undefined
  return typeof role === 'string' && isAbsoluteUri(role) ? undefined : '`role` is `launch` or an absolute URI'
}
