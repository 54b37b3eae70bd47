import { setTimeout } from 'node:timers/promises'
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose'
import { comeBack } from '../lib/come-back.ts'
import type { Form, RegisteredClient } from './client-kinds.ts'
import { hold } from './steps.ts'
import type { SmartConfiguration, Target } from './target.ts'

export type Tokens = {
  readonly access_token: string
  readonly refresh_token: string
  readonly id_token: string
  readonly scope: string
  readonly patient: string
  readonly expires_in: number
  readonly [member: string]: unknown
}

type Answer = { readonly status: number; readonly headers: Headers; readonly body: Readonly<Record<string, unknown>> }

/** Posts a form as the client; the answer's body is whatever JSON it held. */
export async function postAs(client: RegisteredClient, endpoint: string, form: Form): Promise<Answer> {
  const sent = await client.authenticate(endpoint, form)
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { accept: 'application/json', ...sent.headers },
    body: new URLSearchParams(sent.form),
  })
  const text = await answer.text()
  const body = text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : {} // an object, as its first letter says
  return { status: answer.status, headers: answer.headers, body }
}

/** A token answer of the shape SMART App Launch 2.2.0 and the kits demand (§9 and §27.5 of our checklist). */
export async function askForTokens(client: RegisteredClient, endpoint: string, form: Form): Promise<Tokens> {
  const { status, headers, body } = await postAs(client, endpoint, form)
  hold(status === 200, `the token endpoint answered ${status} ${String(body['error'])}`)
  hold(headers.get('cache-control')?.includes('no-store') === true, 'no `Cache-Control: no-store`')
  hold(headers.get('pragma')?.includes('no-cache') === true, 'no `Pragma: no-cache`')
  for (const name of ['access_token', 'scope', 'refresh_token', 'id_token', 'patient'])
    hold(typeof body[name] === 'string' && body[name] !== '', `\`${name}\` is not text`)
  hold(body['token_type'] === 'Bearer', '`token_type` is not Bearer')
  hold(Number.isInteger(body['expires_in']), '`expires_in` is not a number')
  return body as Tokens // each member was just asserted
}

/** Validates an ID token as OpenID Connect Core §3.1.3.7 does, along the chain iss → configuration → keys. */
export async function validateIdToken(
  smart: SmartConfiguration,
  client: RegisteredClient,
  idToken: string,
  nonce: string | undefined,
): Promise<JWTPayload> {
  const answer = await fetch(`${smart.issuer}/.well-known/openid-configuration`)
  const { issuer, jwks_uri: jwksUri } = (await answer.json()) as Readonly<Record<string, unknown>>
  hold(issuer === smart.issuer && jwksUri === smart.jwks_uri, 'the two discovery documents differ')
  const { payload } = await jwtVerify(idToken, createRemoteJWKSet(new URL(smart.jwks_uri)), {
    issuer: smart.issuer,
    audience: client.clientId,
    algorithms: ['RS256'],
    requiredClaims: ['sub', 'iat', 'exp', 'fhirUser'],
  })
  hold(nonce === undefined || payload['nonce'] === nonce, '`nonce` is not the one that was sent')
  return payload
}

/** The patient a token answer names, whichever library read it. */
export function patientOf(tokens: Readonly<Record<string, unknown>>): string {
  const { patient } = tokens
  hold(typeof patient === 'string', 'the token answer names no patient')
  return patient
}

const readOnce = (target: Target, accessToken: string, path: string): Promise<Response> =>
  fetch(`${target.fhirBase}/${path}`, {
    headers: { accept: 'application/fhir+json', authorization: `Bearer ${accessToken}` },
  })

/** Reads again where the FHIR base says that it cannot decide at the moment. */
export const readFhir = (...what: Parameters<typeof readOnce>): Promise<Response> => comeBack(() => readOnce(...what))

/** Asks about an access token in the way this client may: public ones by showing it, others by authenticating. */
export async function introspectOwn(client: RegisteredClient, endpoint: string, accessToken: string): Promise<Answer> {
  if (client.kind.method !== 'none') return postAs(client, endpoint, { token: accessToken })
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: `Bearer ${accessToken}` },
    body: new URLSearchParams({ token: accessToken }),
  })
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer['body'] }
}

/** A revoked access token is refused by the FHIR base within five seconds (contracts §5). */
export async function waitUntilRefused(target: Target, accessToken: string, path: string): Promise<void> {
  const deadline = Date.now() + 5000
  while ((await readOnce(target, accessToken, path)).status !== 401) {
    hold(Date.now() < deadline, 'the FHIR base still takes the access token after five seconds')
    await setTimeout(50)
  }
}
