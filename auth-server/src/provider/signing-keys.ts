import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { type Configuration, ExternalSigningKey } from 'oidc-provider'
import type { SigningKey } from '@uthopp/server-kit/keys'

/**
 * Signs ES256 on the spot. A signature on P-256 takes less time than handing it to another thread and coming back does, three
 * times over; RS256 takes six times as long and stays with the library, which keeps the event loop free meanwhile.
 */
class QuickKey extends ExternalSigningKey {
  readonly #privateKey: KeyObject
  readonly #publicKey: KeyObject

  constructor({ kid, alg, privateJwk }: SigningKey) {
    super()
    this.#privateKey = createPrivateKey({ key: privateJwk, format: 'jwk' })
    this.#publicKey = createPublicKey(this.#privateKey)
    // The library has setters for these; its types name the getters only.
    Object.assign(this, { kid, alg })
  }

  override keyObject(): KeyObject {
    return this.#publicKey
  }

  /** JWS wants the two numbers side by side (RFC 7518 §3.4). */
  override sign(data: Uint8Array): Uint8Array {
    return sign('sha256', data, { key: this.#privateKey, dsaEncoding: 'ieee-p1363' })
  }
}

/** The key set as the library takes it, in the order given: it signs with the first of an algorithm. */
export const signingKeysOf = (keys: readonly SigningKey[]): NonNullable<Configuration['jwks']> => ({
  keys: keys.map((key) =>
    key.alg === 'ES256' ? new QuickKey(key) : { ...key.privateJwk, kty: key.privateJwk.kty ?? '' },
  ),
})
