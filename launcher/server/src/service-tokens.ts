import { requestToken } from '@uthopp/server-kit/client-credentials'
import type { SigningKey } from '@uthopp/server-kit/keys'
import type { Trace } from '@uthopp/server-kit/trace'

const RENEW_BEFORE_MS = 30_000

/** A token of the launcher's own at one trust, for one scope; kept while it lasts. */
export type ServiceTokens = (trace: Trace, scope: string) => Promise<string>

export function createServiceTokens(options: {
  readonly issuer: string
  readonly clientId: string
  readonly key: SigningKey
  readonly now: () => Date
}): ServiceTokens {
  const held = new Map<string, { readonly token: string; readonly until: number }>()
  return async (trace, scope) => {
    const known = held.get(scope)
    if (known !== undefined && options.now().getTime() < known.until) return known.token
    const { token, expiresInSeconds } = await requestToken(trace, { ...options, scope })
    held.set(scope, { token, until: options.now().getTime() + expiresInSeconds * 1000 - RENEW_BEFORE_MS })
    return token
  }
}
