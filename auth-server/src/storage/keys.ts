import type { JWK } from 'jose'

export type SigningKey = { readonly kid: string; readonly alg: 'RS256' | 'ES256'; readonly jwk: JWK }

/** The signing keys of one tenant. */
export interface KeyStore {
  all(): Promise<readonly SigningKey[]>
  /** Keeps the key unless the tenant has one for that algorithm: processes that start together end up with the same key. */
  createFirst(key: SigningKey, now: Date): Promise<void>
}
