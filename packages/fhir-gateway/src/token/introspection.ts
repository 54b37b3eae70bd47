import type { SigningKey } from '@uthopp/server-kit/keys'
import { createOwnTokens } from '@uthopp/server-kit/own-token'
import { type Trace, tracedFetch } from '@uthopp/server-kit/trace'
import { isRecord } from '@uthopp/smart-core/fhir/resource'
import { notReady } from '#src/http/refusals.ts'
import type { JsonObject } from '#src/json.ts'
import type { Trust } from '#src/trust.ts'
import { GATEWAY_CLIENT } from './gateway-client.ts'

/** Asks the issuer of a trust about a token (RFC 7662); 503 when it cannot be asked, since that says nothing about the token. */
export type Introspect = (trace: Trace, trust: Trust, token: string) => Promise<JsonObject>

const TIMEOUT_MS = 2000

export function createIntrospection(options: { readonly key: SigningKey }): Introspect {
  const client = { clientId: GATEWAY_CLIENT, key: options.key, scope: '__introspect', timeoutMs: TIMEOUT_MS }
  // The issuer goes by its own clock.
  const ownAt = createOwnTokens((issuer) => ({ ...client, issuer, now: () => new Date() }))

  const ask = (trace: Trace, trust: Trust, token: string, bearer: string): Promise<Response> =>
    tracedFetch(trace, `${trust.issuer}/introspect`, {
      method: 'POST',
      timeoutMs: TIMEOUT_MS,
      headers: { authorization: `Bearer ${bearer}`, accept: 'application/json' },
      body: new URLSearchParams({ token, token_type_hint: 'access_token' }),
    })

  return async (trace, trust, token) => {
    try {
      const own = ownAt(trust.issuer)
      const bearer = await own.get(trace)
      let answer = await ask(trace, trust, token, bearer)
      // Our own token may have died before its time; a fresh one that is refused too says so for good.
      if (answer.status === 401) {
        await answer.body?.cancel()
        own.forget(bearer)
        answer = await ask(trace, trust, token, await own.get(trace))
      }
      const members: unknown = answer.ok ? await answer.json() : undefined
      if (isRecord(members) && typeof members['active'] === 'boolean') return members
    } catch (cause) {
      throw notReady('the issuer cannot be asked about the access token now', cause)
    }
    throw notReady('the issuer does not tell about the access token now')
  }
}
