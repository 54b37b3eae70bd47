import { expect, test } from '@playwright/test'
import { request } from 'node:http'
import { exchangeForm, launchToCode, launchToTokens } from './launched.ts'
import { runningTarget, useServer } from './running-world.ts'

const server = useServer()
const target = runningTarget()
const STRANGER = 'https://stranger.example'

const allowed = (answer: Response): string | null => answer.headers.get('access-control-allow-origin')
const forbidden = (answer: Response, origin: string): boolean => !['*', origin].includes(allowed(answer) ?? '')

test('any origin reads both discovery documents, the keys and the capability statement, without credentials', async () => {
  const { smart } = server()
  for (const address of [
    `${target.fhirBase}/.well-known/smart-configuration`,
    `${target.fhirBase}/metadata`,
    `${smart.issuer}/.well-known/openid-configuration`,
    smart.jwks_uri,
  ]) {
    const answer = await fetch(address, { headers: { origin: STRANGER } })
    expect([address, answer.status, forbidden(answer, STRANGER)]).toEqual([address, 200, false])
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
  }
})

test('the app’s own origin reads the token answer and its errors; another origin reads no token', async () => {
  const { smart } = server()
  for (const [origin, mayRead] of [
    ['own', true],
    [STRANGER, false],
  ] as const) {
    const launched = await launchToCode(target, server())
    const from = origin === 'own' ? new URL(launched.client.redirectUri).origin : origin
    const post = async (code: string) => {
      const { form } = await launched.client.authenticate(smart.token_endpoint, { ...exchangeForm(launched), code })
      return fetch(smart.token_endpoint, { method: 'POST', headers: { origin: from }, body: new URLSearchParams(form) })
    }
    const refused = await post('BAD')
    expect(refused.status).toBe(400)
    if (mayRead) expect(forbidden(refused, from)).toBe(false)
    const answer = await post(launched.redirect.searchParams.get('code') ?? '')
    expect(forbidden(answer, from)).toBe(!mayRead)
    expect(answer.headers.get('vary')).toMatch(/origin/i)
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
  }
})

test('preflight lets an app write to the FHIR base, ask for tokens, introspect and revoke with the headers it needs', async () => {
  const { smart } = server()
  const origin = 'http://127.0.0.1:59997'
  const headers = 'authorization, content-type, accept, if-match, if-none-match, prefer'
  for (const [address, method] of [
    [`${target.fhirBase}/Observation`, 'POST'],
    [`${target.fhirBase}/Observation/x`, 'PUT'],
    [`${target.fhirBase}/Observation/x`, 'PATCH'],
    [`${target.fhirBase}/Observation/x`, 'DELETE'],
    [`${target.fhirBase}/Observation/x`, 'GET'],
    [smart.token_endpoint, 'POST'],
    [smart.introspection_endpoint ?? '', 'POST'],
    [smart.revocation_endpoint ?? '', 'POST'],
  ] as const) {
    const answer = await fetch(address, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': headers },
    })
    expect([address, answer.status]).toEqual([address, 204])
    expect(forbidden(answer, origin)).toBe(false)
    expect(answer.headers.get('access-control-allow-methods')).toContain(method)
    for (const name of headers.split(', ')) expect(answer.headers.get('access-control-allow-headers')).toContain(name)
  }
})

test('an app reads FHIR answers and refusals from its origin, and their headers; the authorization endpoint is for nobody’s scripts', async () => {
  const { client, tokens } = await launchToTokens(target, server())
  const { origin } = new URL(client.redirectUri)
  const read = (path: string, token: string) =>
    fetch(`${target.fhirBase}/${path}`, { headers: { origin, authorization: `Bearer ${token}` } })
  for (const [path, token, status] of [
    [`Patient/${tokens.patient}`, tokens.access_token, 200],
    [`Patient/${tokens.patient}`, 'bad', 401],
    ['Condition/x', tokens.access_token, 403],
    ['Patient/unknown', tokens.access_token, 404],
  ] as const) {
    const answer = await read(path, token)
    expect([path, answer.status, forbidden(answer, origin)]).toEqual([path, status, false])
    for (const name of ['etag', 'location', 'content-location', 'last-modified', 'www-authenticate'])
      expect(answer.headers.get('access-control-expose-headers')).toContain(name)
  }
  const authorize = await fetch(server().smart.authorization_endpoint, { headers: { origin }, redirect: 'manual' })
  expect(allowed(authorize)).toBeNull()
})

test('header names count alike in any case, at the FHIR base and at the token endpoint (SAL-1)', async () => {
  const launched = await launchToTokens(target, server())
  const ask = (address: string, method: string, headers: Readonly<Record<string, string>>, body = '') =>
    new Promise<number>((resolve, reject) => {
      const asked = request(address, { method, headers }, (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
      asked.once('error', reject)
      asked.end(body)
    })
  const patient = `${target.fhirBase}/Patient/${launched.tokens.patient}`
  for (const name of ['authorization', 'AUTHORIZATION', 'aUtHoRiZaTiOn'])
    expect(await ask(patient, 'GET', { [name]: `Bearer ${launched.tokens.access_token}` })).toBe(200)
  const endpoint = server().smart.token_endpoint
  const { form } = await launched.client.authenticate(endpoint, {
    grant_type: 'refresh_token',
    refresh_token: launched.tokens.refresh_token,
  })
  const body = new URLSearchParams(form).toString()
  const headers = { 'CONTENT-TYPE': 'application/x-www-form-urlencoded', 'CONTENT-LENGTH': String(body.length) }
  expect(await ask(endpoint, 'POST', headers, body)).toBe(200)
})
