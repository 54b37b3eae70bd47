import type { JWK } from 'jose'

export const KEY_ALGORITHMS = ['RS256', 'ES256'] as const

export type StoredKey = {
  readonly kid: string
  readonly alg: (typeof KEY_ALGORITHMS)[number]
  /** Counts the keys of one algorithm from 1. */
  readonly generation: number
  readonly jwk: JWK
  readonly publishedAt: Date
  readonly signsFrom: Date
}

/** The signing keys of one tenant. */
export interface KeyStore {
  all(): Promise<readonly StoredKey[]>
  /** Keeps the key unless its algorithm has one of that generation: of several who add the same generation, one does. */
  add(key: StoredKey): Promise<boolean>
  remove(key: Pick<StoredKey, 'alg' | 'generation'>): Promise<void>
}
