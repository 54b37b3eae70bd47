import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import type { SigningKey } from '@uthopp/server-kit/keys'
import { newTrace, tracedFetch } from '@uthopp/server-kit/trace'
import { isRecord } from '@uthopp/smart-core/fhir/resource'

/** What every authorization server knows this gateway as; its keys are at our `/jwks.json`. */
const CLIENT_ID = 'gateway'
const ASSERTION_SECONDS = 60

/** Asks for a token that opens the revocation stream and nothing else (RFC 7523, `private_key_jwt`). */
export async function fetchStreamToken(options: {
  readonly issuer: string
  readonly key: SigningKey
  readonly timeoutMs: number
  readonly signal: AbortSignal
}): Promise<string> {
  const { issuer, key, timeoutMs, signal } = options
  const at = Math.floor(Date.now() / 1000)
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT' })
    .setIssuer(CLIENT_ID)
    .setSubject(CLIENT_ID)
    .setAudience(`${issuer}/token`)
    .setIssuedAt(at)
    .setExpirationTime(at + ASSERTION_SECONDS)
    .setJti(randomUUID())
    .sign(key.privateKey)
  const answer = await tracedFetch(newTrace(), `${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: '__revocations',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }),
    timeoutMs,
    signal,
  })
  const body: unknown = await answer.json()
  const token = isRecord(body) ? body['access_token'] : undefined
  if (!answer.ok || typeof token !== 'string')
    throw new Error(`the authorization server gave no token for its stream (${answer.status})`)
  return token
}
