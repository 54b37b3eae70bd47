import { expect, test } from '@playwright/test'
import { decodeJwt } from 'jose'
import { kindNamed, launchToTokens } from './launched.ts'
import { runningTarget, useServer } from './running-world.ts'
import { askForTokens, postAs, readFhir } from './tokens.ts'

const server = useServer()
const target = runningTarget()

test('a refresh as the kits do it, first without scope and then with the whole granted string, answers alike', async () => {
  const { client, tokens } = await launchToTokens(target, server())
  const endpoint = server().smart.token_endpoint
  const form = { grant_type: 'refresh_token' }
  const first = await askForTokens(client, endpoint, { ...form, refresh_token: tokens.refresh_token })
  const second = await askForTokens(client, endpoint, {
    ...form,
    refresh_token: first.refresh_token,
    scope: tokens.scope,
  })
  for (const answer of [first, second]) {
    expect(answer.scope).toBe(tokens.scope)
    expect(answer.patient).toBe(tokens.patient)
    expect((await readFhir(target, answer.access_token, `Patient/${tokens.patient}`)).status).toBe(200)
  }
  expect(new Set([tokens.refresh_token, first.refresh_token, second.refresh_token]).size).toBe(3)
})

test('a refresh for fewer scopes gives those, and the grant stays whole for the next', async () => {
  const { client, tokens } = await launchToTokens(target, server())
  const endpoint = server().smart.token_endpoint
  const form = { grant_type: 'refresh_token' }
  const fewer = 'openid fhirUser patient/Patient.rs'
  const narrow = await askForTokens(client, endpoint, { ...form, refresh_token: tokens.refresh_token, scope: fewer })
  expect(narrow.scope.split(' ').toSorted()).toEqual(fewer.split(' ').toSorted())
  expect((await readFhir(target, narrow.access_token, `Observation?patient=${tokens.patient}`)).status).toBe(403)
  const whole = await askForTokens(client, endpoint, { ...form, refresh_token: narrow.refresh_token })
  expect(whole.scope).toBe(tokens.scope)
})

test('introspection as the kits do it, the token not percent-encoded, tells what the token answer and the ID token told', async () => {
  const { smart } = server()
  const endpoint = smart.introspection_endpoint ?? ''
  const { client, tokens } = await launchToTokens(target, server(), { kind: kindNamed('symmetric, basic') })
  const { headers } = await client.authenticate(endpoint, {})
  const ask = async (token: string) => {
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: { ...headers, accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: `token=${token}`,
    })
    return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> }
  }
  const { status, body } = await ask(tokens.access_token)
  const person = decodeJwt(tokens.id_token)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    active: true,
    client_id: client.clientId,
    patient: tokens.patient,
    need_patient_banner: tokens['need_patient_banner'],
    iss: person.iss,
    sub: person.sub,
    fhirUser: person['fhirUser'],
  })
  expect(String(body['scope']).split(' ').toSorted()).toEqual(tokens.scope.split(' ').toSorted())
  expect(Number(body['exp']) - Date.now() / 1000).toBeLessThanOrEqual(tokens.expires_in)
  expect(Number.isInteger(body['exp'])).toBe(true)
  expect(await ask('invalid_token_value')).toEqual({ status: 200, body: { active: false } })
})

test('introspection without a caller is 401, also when the token is good', async () => {
  const { tokens } = await launchToTokens(target, server())
  const answer = await fetch(server().smart.introspection_endpoint ?? '', {
    method: 'POST',
    body: new URLSearchParams({ token: tokens.access_token }),
  })
  expect(answer.status).toBe(401)
  expect(answer.headers.get('www-authenticate')).toContain('Bearer')
})

test('a confidential client that presents its name alone is refused, and its secret opens nothing when wrong', async () => {
  for (const name of ['symmetric, basic', 'RS384, inline keys']) {
    const { client, tokens } = await launchToTokens(target, server(), { kind: kindNamed(name) })
    const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }
    const bare = {
      ...client,
      authenticate: async () => ({ form: { ...form, client_id: client.clientId }, headers: {} }),
    }
    const wrong = {
      ...client,
      authenticate: async () => ({ form, headers: { authorization: `Basic ${btoa(`${client.clientId}:wrong`)}` } }),
    }
    for (const impostor of [bare, wrong]) {
      const answer = await postAs(impostor, server().smart.token_endpoint, form)
      expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client'])
    }
    const refused = await postAs(wrong, server().smart.token_endpoint, form)
    expect(refused.headers.get('www-authenticate')).toMatch(/^Basic realm=/)
    expect((await postAs(client, server().smart.token_endpoint, form)).status).toBe(200)
  }
})

test('a confidential client may name itself beside its credentials, and nobody else', async () => {
  const { client, tokens } = await launchToTokens(target, server(), { kind: kindNamed('symmetric, basic') })
  const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }
  const stranger = await launchToTokens(target, server())
  const other = await postAs(client, server().smart.token_endpoint, { ...form, client_id: stranger.client.clientId })
  expect([other.status, other.body['error']]).toEqual([400, 'invalid_request'])
  expect((await postAs(client, server().smart.token_endpoint, { ...form, client_id: client.clientId })).status).toBe(
    200,
  )
})

test('no token, and a bad one, are 401 at the FHIR base; only the bad one is told an error', async () => {
  const bare = await fetch(`${target.fhirBase}/Patient/cdp1001`)
  expect(bare.status).toBe(401)
  expect(bare.headers.get('www-authenticate')).toMatch(/^Bearer/)
  expect(bare.headers.get('www-authenticate')).not.toContain('error=')
  const bad = await readFhir(target, 'bad', 'Patient/cdp1001')
  expect(bad.status).toBe(401)
  expect(bad.headers.get('www-authenticate')).toContain('error="invalid_token"')
})
