import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose'

const ALGORITHMS = ['ES256', 'RS256'] as const
export type SigningAlgorithm = (typeof ALGORITHMS)[number]

/** A key that signs, with the JWK its owner stores and the public half others verify with. */
export type SigningKey = {
  readonly kid: string
  readonly alg: SigningAlgorithm
  readonly privateKey: CryptoKey
  /** Secret: for the owner's store only. */
  readonly privateJwk: JWK
  readonly publicJwk: JWK
}

export async function generateSigningKey(alg: SigningAlgorithm): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength: 2048 })
  return importSigningKey({ ...(await exportJWK(privateKey)), alg })
}

/** Takes a stored private JWK back into use. The key id is its thumbprint (RFC 7638), so it never depends on who stored it. */
export async function importSigningKey(stored: JWK): Promise<SigningKey> {
  const alg = ALGORITHMS.find((known) => known === stored.alg)
  if (alg === undefined) throw new Error('a stored signing key has no known algorithm')
  const kid = await calculateJwkThumbprint(stored)
  const privateJwk = { ...stored, kid, use: 'sig' }
  const privateKey = await importJWK(privateJwk, alg)
  if (privateKey instanceof Uint8Array) throw new Error('a stored signing key is not an asymmetric key')
  return { kid, alg, privateKey, privateJwk, publicJwk: publicHalf(privateJwk) }
}

const PUBLIC_MEMBERS = ['kty', 'crv', 'x', 'y', 'n', 'e', 'kid', 'alg', 'use'] as const

/** Copies the public members by name, so that a private one we do not know cannot slip through. */
function publicHalf(jwk: JWK): JWK {
  return Object.fromEntries(
    PUBLIC_MEMBERS.filter((name) => jwk[name] !== undefined).map((name) => [name, jwk[name]]),
  ) as JWK // `kty` is among them
}

/** The JWK set to publish. */
export const publicJwks = (keys: readonly SigningKey[]): { keys: JWK[] } => ({ keys: keys.map((key) => key.publicJwk) })
