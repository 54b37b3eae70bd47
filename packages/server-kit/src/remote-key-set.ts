import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose'

/**
 * INVARIANT: not longer than issuers of ours let anybody keep their keys (`max-age` of their `jwks`, 300 s). They publish a key
 * well before they sign with it, and what they withdraw has to be gone by the time they count on it.
 */
const KEPT_MS = 300_000

/** The keys that another process publishes, asked for again when they are old or a token names one that is not among them. */
export const remoteKeySet = (address: string): JWTVerifyGetKey =>
  createRemoteJWKSet(new URL(address), { timeoutDuration: 5000, cooldownDuration: 2000, cacheMaxAge: KEPT_MS })
