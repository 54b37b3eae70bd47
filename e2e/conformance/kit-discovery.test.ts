import { expect, test } from '@playwright/test'
import { AHUS, OUS } from '../lib/addresses.ts'
import { launchToTokens } from './launched.ts'
import { runningTarget, useServer } from './running-world.ts'

const server = useServer()
const target = runningTarget()

async function document(address: string, headers: Readonly<Record<string, string>> = {}) {
  const answer = await fetch(address, { headers })
  return { answer, body: (await answer.json()) as Readonly<Record<string, unknown>> }
}

const texts = (value: unknown): readonly string[] => {
  expect(Array.isArray(value) && value.every((each) => typeof each === 'string' && each !== '')).toBe(true)
  return value as readonly string[] // just asserted
}

test('smart-configuration is JSON for any Accept and any origin, with every member the kits read', async () => {
  for (const accept of ['application/json', 'text/html', 'application/fhir+json', '*/*']) {
    const address = `${target.fhirBase}/.well-known/smart-configuration`
    const { answer, body } = await document(address, { accept, origin: 'http://localhost:4567' })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(['*', 'http://localhost:4567']).toContain(answer.headers.get('access-control-allow-origin'))
    expect(texts(body['capabilities']).length).toBeGreaterThan(0)
    expect(texts(body['grant_types_supported'])).toContain('authorization_code')
    expect(texts(body['code_challenge_methods_supported'])).toEqual(['S256'])
    for (const [name, value] of Object.entries(body))
      if (/_endpoint$|_uri$|^issuer$|_bundle$/.test(name))
        expect([name, URL.canParse(String(value))]).toEqual([name, true])
  }
})

test('both discovery documents, the ID token and the redirect name one issuer, which is not the FHIR base', async () => {
  for (const orgnr of [OUS, AHUS]) {
    const place = runningTarget(orgnr)
    const smart = (await document(`${place.fhirBase}/.well-known/smart-configuration`)).body
    const oidc = await document(`${String(smart['issuer'])}/.well-known/openid-configuration`)
    expect(oidc.answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(smart['issuer']).not.toBe(place.fhirBase)
    for (const name of [
      'issuer',
      'jwks_uri',
      'authorization_endpoint',
      'token_endpoint',
      'registration_endpoint',
      'introspection_endpoint',
      'revocation_endpoint',
      'code_challenge_methods_supported',
    ])
      expect([name, smart[name]]).toEqual([name, oidc.body[name]])
  }
  const { redirect, tokens } = await launchToTokens(target, server())
  expect(redirect.searchParams.get('iss')).toBe(server().smart.issuer)
  const [, claims = ''] = tokens.id_token.split('.')
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ iss: server().smart.issuer })
})

test('openid-configuration has what OpenID Connect Discovery requires, RS256 among its algorithms', async () => {
  const { body } = await document(`${server().smart.issuer}/.well-known/openid-configuration`)
  for (const name of ['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri'])
    expect([name, typeof body[name]]).toEqual([name, 'string'])
  expect(texts(body['response_types_supported'])).toEqual(['code'])
  expect(texts(body['subject_types_supported'])).toEqual(['public'])
  expect(texts(body['id_token_signing_alg_values_supported'])).toContain('RS256')
  expect(body['authorization_response_iss_parameter_supported']).toBe(true)
})

test('the key set holds public keys only, each with its name, and no name twice', async () => {
  const { body } = await document(server().smart.jwks_uri)
  const keys = body['keys'] as readonly Readonly<Record<string, unknown>>[] // the next lines look at each
  expect(keys.some((key) => key['kty'] === 'RSA')).toBe(true)
  expect(new Set(keys.map((key) => key['kid'])).size).toBe(keys.length)
  for (const key of keys)
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(key).not.toHaveProperty(secret)
})

test('the capability statement and smart-configuration name the same addresses, present and absent alike', async () => {
  const { body } = await document(`${target.fhirBase}/metadata`, {
    accept: 'application/fhir+json',
    origin: 'http://localhost:4567',
  })
  type Extension = { readonly url: string; readonly valueUri?: string; readonly extension?: readonly Extension[] }
  const [rest] = body['rest'] as readonly {
    readonly security: { readonly service: unknown; readonly extension: readonly Extension[] }
  }[]
  expect(JSON.stringify(rest?.security.service)).toContain('SMART-on-FHIR')
  const uris = rest?.security.extension.find(({ url }) => url.endsWith('/oauth-uris'))?.extension ?? []
  for (const [short, long] of [
    ['authorize', 'authorization_endpoint'],
    ['token', 'token_endpoint'],
    ['introspect', 'introspection_endpoint'],
    ['revoke', 'revocation_endpoint'],
    ['register', 'registration_endpoint'],
    ['manage', 'management_endpoint'],
  ] as const)
    expect([short, uris.find(({ url }) => url === short)?.valueUri]).toEqual([short, server().smart[long]])
})

test('the capabilities satisfy a set for clinicians in an EHR launch, and name v1 scopes beside v2', async () => {
  expect(server().smart.capabilities).toEqual(
    expect.arrayContaining([
      'launch-ehr',
      'client-public',
      'context-ehr-patient',
      'context-ehr-encounter',
      'permission-user',
      'permission-patient',
      'permission-v1',
      'permission-v2',
    ]),
  )
})

test('every scope for an EHR launch that discovery lists is granted to an app that asks for it', async () => {
  const listed = texts(server().smart['scopes_supported']).filter((scope) => !scope.startsWith('launch/'))
  expect(listed.some((scope) => /^patient\/(?:\*|[A-Z]\w+)\.c?r?u?d?s?$/.test(scope))).toBe(true)
  const person = listed.filter((scope) => !scope.startsWith('system/') && !scope.startsWith('__'))
  const { tokens } = await launchToTokens(target, server(), { scope: person.join(' ') })
  expect(tokens.scope.split(' ').toSorted()).toEqual(person.toSorted())
})

test('the brand bundle and the app state are public promises only where they are kept', async () => {
  const { smart } = server()
  const bundle = smart['user_access_brand_bundle']
  if (typeof bundle === 'string') {
    const { answer, body } = await document(bundle)
    expect(answer.headers.get('access-control-allow-origin')).not.toBeNull()
    expect(body).toMatchObject({ resourceType: 'Bundle', type: 'collection' })
  }
  const named = JSON.stringify(smart['associated_endpoints'] ?? []).includes('smart-app-state')
  expect(named).toBe(smart.capabilities.includes('smart-app-state'))
})
