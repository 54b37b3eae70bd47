import type { JWTPayload } from 'jose'
import type { AccessContext } from '@uthopp/smart-core/access'
import { parseFhirId } from '@uthopp/smart-core/fhir-id'
import { isProblem } from '@uthopp/smart-core/problem'
import { parseScopeSet, type ScopeSet, scopeSetOf } from '@uthopp/smart-core/scope/scope-set'
import { invalidToken } from '#src/http/refusals.ts'
import type { TokenIdentity } from '#src/revocations/revoked-tokens.ts'
import type { Trust } from '#src/trust.ts'
import type { LaunchFacts } from './launch-facts.ts'

/** What a token permits, and by what it can be revoked. */
export type VerifiedToken = {
  readonly access: AccessContext
  readonly identity: TokenIdentity
  /** What the issuer told about its launch; absent where the token was verified without asking. */
  readonly grant?: LaunchFacts | undefined
}

/** Reads the claims of contracts.md §6 out of a token whose signature, issuer, audience and time are right; 401 for any other. */
export function readClaims(trust: Trust, claims: JWTPayload): VerifiedToken {
  const { sub, exp, iat, jti, client_id: clientId, scope, tenant, cnf, grant_id: grantId } = claims
  if (typeof sub !== 'string' || typeof clientId !== 'string' || typeof scope !== 'string') throw invalidToken()
  if (exp === undefined || iat === undefined || jti === undefined || tenant !== trust.orgnr) throw invalidToken()
  // A token bound to a key (RFC 9449 §7.1) is worth nothing as a bare bearer token.
  if (cnf !== undefined) throw invalidToken()
  if (grantId !== undefined && typeof grantId !== 'string') throw invalidToken()
  const identity = { tokenId: jti, subject: sub, clientId, grantId, issuedAt: new Date(iat * 1000) }
  const holder = { subject: sub, clientId, tenant: trust.orgnr, expiresAt: new Date(exp * 1000) }
  const held = parseScopeSet(scope).scopes
  return {
    identity,
    access:
      grantId === undefined
        ? { ...holder, ...serviceAccess(held, claims['patient']) }
        : { ...holder, ...userAccess(held, claims['patient']) },
  }
}

type Reach = Pick<AccessContext, 'scopes' | 'patient'>

/** Nobody granted this token: a backend service holds it, for itself (SMART App Launch 2.2.0, "Backend Services"). */
function serviceAccess(held: ScopeSet, patient: unknown): Reach {
  if (patient !== undefined) throw invalidToken()
  return { scopes: ofLevels(held, ['system']) }
}

/** Of what kind the user is stands in no token: `namedUser` reads it from what the issuer tells of the launch. */
function userAccess(held: ScopeSet, patient: unknown): Reach {
  const patientId = typeof patient === 'string' ? parseFhirId(patient) : undefined
  if (isProblem(patientId) || (patient !== undefined && patientId === undefined)) throw invalidToken()
  return {
    scopes: ofLevels(held, ['patient', 'user']),
    ...(patientId === undefined ? {} : { patient: patientId }),
  }
}

/** A service has no user and no patient, and a user is no system: scopes of the other kind mean nothing in their hands. */
const ofLevels = ({ scopes }: ScopeSet, levels: readonly string[]): ScopeSet =>
  scopeSetOf(scopes.filter((scope) => scope.kind !== 'resource' || levels.includes(scope.level)))
