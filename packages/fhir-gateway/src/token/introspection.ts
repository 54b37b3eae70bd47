import { requestToken } from '@uthopp/server-kit/client-credentials'
import type { SigningKey } from '@uthopp/server-kit/keys'
import { type Trace, tracedFetch } from '@uthopp/server-kit/trace'
import { isRecord } from '@uthopp/smart-core/fhir/resource'
import { notReady } from '#src/http/refusals.ts'
import type { JsonObject } from '#src/json.ts'
import type { Trust } from '#src/trust.ts'

/** Asks the issuer of a trust about a token (RFC 7662); 503 when it cannot be asked, since that says nothing about the token. */
export type Introspect = (trace: Trace, trust: Trust, token: string) => Promise<JsonObject>

/** What every authorization server knows this gateway as; its keys are at our `/jwks.json`. */
export const GATEWAY_CLIENT = 'gateway'
const SCOPE = '__introspect'

const TIMEOUT_MS = 2000
const RENEW_BEFORE_SECONDS = 30

type Held = { readonly token: Promise<string>; renewAt: number }

/** Introspects with a token of our own, one a trust, asked for again before it expires or once it is refused. */
export function createIntrospection(options: { readonly key: SigningKey; readonly now: () => Date }): Introspect {
  const held = new Map<string, Held>()

  function ownToken(trace: Trace, trust: Trust): Promise<string> {
    const known = held.get(trust.orgnr)
    const now = options.now().getTime()
    if (known !== undefined && now < known.renewAt) return known.token
    // Until the answer is here nobody knows how long it lasts, and everybody waits for the same one.
    const entry: Held = { token: request(trace, trust, (until) => (entry.renewAt = until)), renewAt: Infinity }
    held.set(trust.orgnr, entry)
    entry.token.catch(() => forget(trust, entry))
    return entry.token
  }

  async function request(trace: Trace, trust: Trust, lasts: (until: number) => void): Promise<string> {
    const asked = { issuer: trust.issuer, clientId: GATEWAY_CLIENT, key: options.key, scope: SCOPE }
    const granted = await requestToken(trace, { ...asked, now: () => new Date() }, { timeoutMs: TIMEOUT_MS })
    lasts(options.now().getTime() + (granted.expiresInSeconds - RENEW_BEFORE_SECONDS) * 1000)
    return granted.token
  }

  function forget(trust: Trust, entry: Held | undefined): void {
    if (held.get(trust.orgnr) === entry) held.delete(trust.orgnr)
  }

  async function ask(trace: Trace, trust: Trust, token: string): Promise<Response> {
    return tracedFetch(trace, `${trust.issuer}/introspect`, {
      method: 'POST',
      timeoutMs: TIMEOUT_MS,
      headers: { authorization: `Bearer ${await ownToken(trace, trust)}`, accept: 'application/json' },
      body: new URLSearchParams({ token, token_type_hint: 'access_token' }),
    })
  }

  return async (trace, trust, token) => {
    try {
      const used = held.get(trust.orgnr)
      let answer = await ask(trace, trust, token)
      if (answer.status === 401 && used !== undefined) {
        forget(trust, used)
        answer = await ask(trace, trust, token)
      }
      const members: unknown = answer.ok ? await answer.json() : undefined
      if (isRecord(members) && typeof members['active'] === 'boolean') return members
    } catch (cause) {
      throw notReady('the issuer cannot be asked about the access token now', cause)
    }
    throw notReady('the issuer does not tell about the access token now')
  }
}
