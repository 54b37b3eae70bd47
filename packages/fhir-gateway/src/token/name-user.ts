import type { AccessContext } from '@uthopp/smart-core/access'
import { parseFhirId } from '@uthopp/smart-core/fhir-id'
import { isProblem } from '@uthopp/smart-core/problem'
import { stateCodesOf } from '@uthopp/smart-core/scope/state-code'
import type { LaunchFacts } from './launch-facts.ts'
import type { VerifiedToken } from './read-claims.ts'

const OWN_TYPE = { clinician: 'Practitioner', citizen: 'Patient', client: undefined } as const

/** True when it makes a difference to what a token opens which resource its user is. */
export const isAboutUser = ({ access: { scopes }, identity }: VerifiedToken): boolean =>
  identity.grantId !== undefined &&
  ((scopes.names.has('openid') && (scopes.names.has('fhirUser') || scopes.names.has('profile'))) ||
    scopes.resources.some((scope) => stateCodesOf(scope) !== undefined))

/**
 * Tells which resource the user of a token is. `sub` is its id; whether it is a Practitioner or a Patient is the issuer's to
 * know, and a user of whom it tells nothing is neither.
 */
export function namedUser(verified: VerifiedToken, facts: LaunchFacts | undefined): VerifiedToken {
  const type = facts && OWN_TYPE[facts.userKind]
  const id = parseFhirId(verified.access.subject)
  if (type === undefined || isProblem(id)) return verified
  const access: AccessContext = { ...verified.access, fhirUser: `${type}/${id}` }
  return { ...verified, access }
}
