import { createPublicKey } from 'node:crypto'
import type { JWK } from 'jose'

/** Members of private and symmetric keys (RFC 7518 §6.2.2, §6.3.2, §6.4.1). */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
const SMALLEST_RSA_BITS = 2048 // RFC 7518 §3.3
const CURVES = ['P-256', 'P-384', 'P-521']

function mathFault(key: Readonly<Record<string, unknown>>): string | undefined {
  if (key['kty'] === 'EC' && !CURVES.some((curve) => curve === key['crv'])) return 'has an unknown `crv`'
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key, format: 'jwk' }) // refuses points off the curve
    return key['kty'] === 'RSA' && (asymmetricKeyDetails?.modulusLength ?? 0) < SMALLEST_RSA_BITS
      ? `is an RSA key of less than ${SMALLEST_RSA_BITS} bits`
      : undefined
  } catch {
    return 'is not a key'
  }
}

/** Answers why this is no public key that an assertion could name, or undefined when it is one. */
export function publicKeyFault(key: unknown): string | undefined {
  if (typeof key !== 'object' || key === null || Array.isArray(key)) return 'is not an object'
  const members: Readonly<Record<string, unknown>> = { ...key }
  if (SECRET_MEMBERS.some((member) => member in members)) return 'holds secret members'
  if (!['RSA', 'EC'].some((kty) => kty === members['kty'])) return 'is neither RSA nor EC'
  // SAL-163 chooses by key id.
  if (typeof members['kid'] !== 'string' || members['kid'] === '') return 'has no `kid`'
  return mathFault(members)
}

export const isPublicKey = (key: unknown): key is JWK => publicKeyFault(key) === undefined
