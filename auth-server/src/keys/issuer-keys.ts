import { createHmac } from 'node:crypto'
import { generateSigningKey, importSigningKey, type SigningKey } from '@uthopp/server-kit/keys'
import type { KeyStore } from '#src/storage/keys.ts'

/** The keys one issuer signs with: ID tokens RS256 (SMART App Launch 2.2.0, "sso-openid-connect"), access tokens ES256. */
export type IssuerKeys = {
  readonly idToken: SigningKey
  readonly accessToken: SigningKey
  readonly all: readonly SigningKey[]
}

/** Takes the stored keys into use, making them at the first start. Processes that start together end up with the same. */
export async function loadIssuerKeys(store: KeyStore, now: () => Date): Promise<IssuerKeys> {
  const present = new Set((await store.all()).map((key) => key.alg))
  for (const alg of ['RS256', 'ES256'] as const) {
    if (present.has(alg)) continue
    const fresh = await generateSigningKey(alg)
    await store.createFirst({ alg, kid: fresh.kid, jwk: fresh.privateJwk }, now())
  }
  const all = await Promise.all((await store.all()).map((key) => importSigningKey(key.jwk)))
  const idToken = all.find((key) => key.alg === 'RS256')
  const accessToken = all.find((key) => key.alg === 'ES256')
  if (idToken === undefined || accessToken === undefined) throw new Error('the key store keeps no keys')
  return { idToken, accessToken, all }
}

/** The key of our cookie signatures: follows from a stored key, so that every process and every start has the same. */
export const cookieKeyFrom = (keys: IssuerKeys): string =>
  createHmac('sha256', JSON.stringify(keys.accessToken.privateJwk.d)).update('interaction cookies').digest('base64url')
