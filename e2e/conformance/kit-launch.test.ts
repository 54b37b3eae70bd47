import { expect, test } from '@playwright/test'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { HttpBrowser } from '../lib/http-browser.ts'
import { postJson } from '../lib/smart-client.ts'
import { CLIENT_KINDS, isOffered, registerClient } from './client-kinds.ts'
import { exchangeForm, KIT_SCOPE, kindNamed, launchToCode, launchToTokens } from './launched.ts'
import { runningTarget, useServer } from './running-world.ts'
import { postAs, readFhir, validateIdToken } from './tokens.ts'

const server = useServer()
const target = runningTarget()

test('a launch URL carries the FHIR base byte for byte and an opaque handle, and nothing about anybody', async () => {
  const { smart, keyServer } = server()
  const client = await registerClient(smart, kindNamed('public'), { scope: KIT_SCOPE, keyServer })
  const { body } = await postJson(`${target.launcher}/api/launches`, {
    tenant: target.tenant,
    client_id: client.clientId,
  })
  const browser = new HttpBrowser()
  const step = await browser.walk(await browser.get(String(body['start_url'])))
  const arrived = new URL(step.location ?? 'about:blank')
  expect([...arrived.searchParams.keys()].toSorted()).toEqual(['iss', 'launch'])
  expect(arrived.searchParams.get('iss')).toBe(target.fhirBase)
  expect(arrived.searchParams.get('launch')).toMatch(/^[\w-]{43}$/)
})

test('the answer to a code has every member of its type, both cache headers, and an access token for an 8 kB header', async () => {
  for (const kind of CLIENT_KINDS.filter((each) => isOffered(each, server().smart))) {
    const launched = await launchToCode(target, server(), { kind })
    const { status, headers, body } = await postAs(
      launched.client,
      server().smart.token_endpoint,
      exchangeForm(launched),
    )
    expect(status).toBe(200)
    expect(headers.get('content-type')).toMatch(/^application\/json/)
    expect(headers.get('cache-control')).toContain('no-store')
    expect(headers.get('pragma')).toContain('no-cache')
    for (const name of ['access_token', 'refresh_token', 'id_token', 'scope', 'patient'])
      expect([name, typeof body[name]]).toEqual([name, 'string'])
    expect(body['token_type']).toBe('Bearer')
    expect(typeof body['expires_in']).toBe('number')
    expect(typeof body['need_patient_banner']).toBe('boolean')
    expect(String(body['access_token'])).toMatch(/^[\w.~-]{1,4096}$/)
    expect(String(body['refresh_token'])).toMatch(/^[\w.~-]+$/)
    const known =
      /^(?:access_token|token_type|expires_in|scope|id_token|refresh_token|patient|encounter|fhirContext|need_patient_banner|intent|smart_style_url|tenant|__.+|https?:.+)$/
    expect(Object.keys(body).filter((name) => !known.test(name))).toEqual([])
  }
})

test('an ID token is RS256 by a published key and leads to its person with the same access token', async () => {
  const { client, request, tokens } = await launchToTokens(target, server(), {
    scope: 'launch openid fhirUser offline_access patient/Observation.rs',
  })
  expect(decodeProtectedHeader(tokens.id_token).alg).toBe('RS256')
  const claims = await validateIdToken(server().smart, client, tokens.id_token, request.nonce)
  expect(claims.sub).toMatch(/^[\x21-\x7e]{1,255}$/)
  const fhirUser = new URL(String(claims['fhirUser']))
  const [type, id] = fhirUser.pathname.split('/').slice(-2)
  expect(fhirUser.href).toBe(`${target.fhirBase}/${type}/${id}`)
  expect(['Patient', 'Practitioner', 'RelatedPerson', 'Person']).toContain(type)
  const person = await readFhir(target, tokens.access_token, `${type}/${id}`)
  expect(person.status).toBe(200)
  expect(await person.json()).toMatchObject({ resourceType: type, id })
})

test('the same person has one `sub` in every app of an issuer', async () => {
  const [one, other] = [await launchToTokens(target, server()), await launchToTokens(target, server())]
  expect(one.client.clientId).not.toBe(other.client.clientId)
  expect(decodeJwt(one.tokens.id_token).sub).toBe(decodeJwt(other.tokens.id_token).sub)
})

test('a verifier that is missing, blank, wrong or the challenge itself buys nothing', async () => {
  for (const spoil of [() => undefined, () => '', () => 'w'.repeat(64), (challenge: string) => challenge]) {
    const launched = await launchToCode(target, server())
    const { code_verifier: _verifier, ...form } = exchangeForm(launched)
    const verifier = spoil(launched.request.parameters['code_challenge'] ?? '')
    const answer = await postAs(launched.client, server().smart.token_endpoint, {
      ...form,
      ...(verifier === undefined ? {} : { code_verifier: verifier }),
    })
    expect(answer.status).toBe(400)
    expect(['invalid_grant', 'invalid_request']).toContain(answer.body['error'])
    expect(answer.headers.get('pragma')).toContain('no-cache')
  }
})

test('an invalid `aud` brings no code, and an error in its place', async () => {
  const { redirect } = await launchToCode(target, server(), { overrides: { aud: 'https://server.example/fhir' } })
  expect(redirect.searchParams.get('code')).toBeNull()
  expect(redirect.searchParams.get('error')).toBe('invalid_request')
})

test('a bad code is 400, a bad client 401, and a bad refresh token 400', async () => {
  const launched = await launchToCode(target, server())
  const endpoint = server().smart.token_endpoint
  const form = exchangeForm(launched)
  expect((await postAs(launched.client, endpoint, { ...form, code: 'BAD_CODE' })).status).toBe(400)
  const stranger = {
    ...launched.client,
    authenticate: async () => ({ form: { ...form, client_id: 'BAD_CLIENT_ID' }, headers: {} }),
  }
  expect((await postAs(stranger, endpoint, form)).status).toBe(401)
  const refreshed = await postAs(launched.client, endpoint, { grant_type: 'refresh_token', refresh_token: 'BAD' })
  expect([refreshed.status, refreshed.body['error']]).toEqual([400, 'invalid_grant'])
})

test('an EHR launch that asks for a patient scope alone gets the patient of the launch, readable and searchable', async () => {
  const scope = 'launch openid fhirUser offline_access patient/Patient.rs'
  const { tokens } = await launchToTokens(target, server(), { scope })
  expect(tokens.scope.split(' ')).toEqual(expect.arrayContaining(scope.split(' ')))
  expect((await readFhir(target, tokens.access_token, `Patient/${tokens.patient}`)).status).toBe(200)
  const found = await readFhir(target, tokens.access_token, `Patient?_id=${tokens.patient}`)
  expect(await found.json()).toMatchObject({ resourceType: 'Bundle', entry: [{ resource: { id: tokens.patient } }] })
})

test('a grant type nobody knows is 400, and a wrong kind of assertion is refused as a failed client', async () => {
  const client = await registerClient(server().smart, kindNamed('ES384, inline keys'), {
    scope: KIT_SCOPE,
    keyServer: server().keyServer,
  })
  const endpoint = server().smart.token_endpoint
  expect((await postAs(client, endpoint, { grant_type: 'not_a_grant_type', scope: 'system/*.read' })).status).toBe(400)
  const wrong = {
    ...client,
    authenticate: async (to: string, form: Readonly<Record<string, string>>) => {
      const signed = await client.authenticate(to, form)
      return { ...signed, form: { ...signed.form, client_assertion_type: 'not_an_assertion_type' } }
    },
  }
  const answer = await postAs(wrong, endpoint, {
    grant_type: 'authorization_code',
    code: 'x',
    redirect_uri: client.redirectUri,
  })
  expect([answer.status, answer.body['error']]).toEqual([401, 'invalid_client'])
})
