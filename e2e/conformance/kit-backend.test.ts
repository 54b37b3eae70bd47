import { expect, test } from '@playwright/test'
import { decodeJwt } from 'jose'
import { type AssertionAlgorithm, type RegisteredClient, registerClient } from './client-kinds.ts'
import { BACKEND_METADATA } from './backend-service.ts'
import { launchToTokens } from './launched.ts'
import { runningTarget, useServer } from './running-world.ts'
import { postAs, readFhir } from './tokens.ts'

const server = useServer()
const target = runningTarget()

function service(scope: string, algorithm: AssertionAlgorithm = 'ES384'): Promise<RegisteredClient> {
  const { smart, keyServer } = server()
  const kind = { name: `service, ${algorithm}`, method: 'private_key_jwt', algorithm, keys: 'address' } as const
  return registerClient(smart, kind, { scope, keyServer, metadata: BACKEND_METADATA })
}

const ask = (client: RegisteredClient, form: Readonly<Record<string, string>>) =>
  postAs(client, server().smart.token_endpoint, form)

test('a backend service asks in the words of the kits, v1 and v2, and is answered a short token about nobody', async () => {
  for (const algorithm of ['RS384', 'ES384'] as const)
    for (const scope of ['system/*.read', 'system/*.rs', 'system/Patient.rs']) {
      const { status, headers, body } = await ask(await service(scope, algorithm), {
        grant_type: 'client_credentials',
        scope,
      })
      expect([scope, status, body['scope']]).toEqual([scope, 200, scope])
      expect(String(body['token_type']).toLowerCase()).toBe('bearer')
      expect(typeof body['expires_in']).toBe('number')
      expect(body['expires_in']).toBeLessThanOrEqual(300)
      expect(headers.get('cache-control')).toContain('no-store')
      expect(headers.get('pragma')).toContain('no-cache')
      for (const absent of ['refresh_token', 'id_token', 'patient', 'encounter', 'need_patient_banner'])
        expect(body).not.toHaveProperty(absent)
      expect(decodeJwt(String(body['access_token']))).not.toHaveProperty('patient')
    }
})

test('an unknown grant is 400, a wrong assertion type 400 or 401, and no scope or none of its own an error with a description', async () => {
  const client = await service('system/Patient.rs')
  expect((await ask(client, { grant_type: 'not_a_grant_type', scope: 'system/Patient.rs' })).status).toBe(400)
  const wrong = {
    ...client,
    authenticate: async (endpoint: string, form: Readonly<Record<string, string>>) => {
      const signed = await client.authenticate(endpoint, form)
      return { ...signed, form: { ...signed.form, client_assertion_type: 'not_an_assertion_type' } }
    },
  }
  const refused = await ask(wrong, { grant_type: 'client_credentials', scope: 'system/Patient.rs' })
  expect([refused.status, refused.body['error']]).toEqual([401, 'invalid_client'])
  for (const scope of [
    undefined,
    '',
    'system/Observation.rs',
    'user/Patient.rs',
    'patient/Patient.rs',
    'openid fhirUser',
    '__launch',
  ]) {
    const { status, body } = await ask(client, {
      grant_type: 'client_credentials',
      ...(scope === undefined ? {} : { scope }),
    })
    expect([scope, status, ['invalid_scope', 'invalid_request'].includes(String(body['error']))]).toEqual([
      scope,
      400,
      true,
    ])
    expect(typeof body['error_description']).toBe('string')
  }
})

test('a service reads and searches what it was given across patients, and nothing else', async () => {
  const client = await service('system/Patient.rs')
  const { body } = await ask(client, { grant_type: 'client_credentials', scope: 'system/Patient.rs' })
  const token = String(body['access_token'])
  for (const [path, status] of [
    ['Patient/cdp1001', 200],
    ['Patient/cdp1004', 200],
    ['Patient?_count=2', 200],
    ['Observation?_count=2', 403],
    ['Observation/x', 403],
  ] as const)
    expect([path, (await readFhir(target, token, path)).status]).toEqual([path, status])
  const foreign = { ...target, fhirBase: target.fhirBase.replace(target.tenant, '983971636') }
  expect((await readFhir(foreign, token, 'Patient?_count=2')).status).toBe(401)
})

test('a service has no way to a person: no authorization request, no code, no refresh', async () => {
  const client = await service('system/Patient.rs')
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: client.redirectUri,
    scope: 'openid',
    state: 'x'.repeat(22),
    aud: target.fhirBase,
  })
  const page = await fetch(`${server().smart.authorization_endpoint}?${query}`, { redirect: 'manual' })
  expect([page.status, page.headers.get('location')]).toEqual([400, null])
  for (const form of [
    { grant_type: 'authorization_code', code: 'x', redirect_uri: client.redirectUri, code_verifier: 'v'.repeat(50) },
    { grant_type: 'refresh_token', refresh_token: 'x' },
  ]) {
    const { status, body } = await ask(client, form)
    expect([status, body['error']]).toEqual([400, 'unauthorized_client'])
  }
})

test('a service that holds `__introspect` is told about any app’s token by its own Bearer token, and one without it about none', async () => {
  const { tokens, client: app } = await launchToTokens(target, server())
  const about = async (scope: string) => {
    const { body } = await ask(await service(`system/Patient.rs ${scope}`), { grant_type: 'client_credentials', scope })
    const answer = await fetch(server().smart.introspection_endpoint ?? '', {
      method: 'POST',
      headers: { authorization: `Bearer ${String(body['access_token'])}` },
      body: new URLSearchParams({ token: tokens.access_token }),
    })
    return (await answer.json()) as Readonly<Record<string, unknown>>
  }
  expect(await about('__introspect')).toMatchObject({
    active: true,
    client_id: app.clientId,
    patient: tokens.patient,
    need_patient_banner: tokens['need_patient_banner'],
  })
  expect(await about('system/Patient.r')).toEqual({ active: false })
})
