import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Offer, smartConfiguration } from '#src/discovery.ts'

const ISSUER = 'http://localhost:4400/993467049'
const offer: Offer = {
  issuer: ISSUER,
  endpoints: {
    authorization: `${ISSUER}/auth`,
    token: `${ISSUER}/token`,
    jwks: `${ISSUER}/jwks`,
    registration: `${ISSUER}/register`,
    introspection: `${ISSUER}/introspect`,
    revocation: `${ISSUER}/revoke`,
  },
  standalone: null,
  symmetricClients: false,
  authorizePost: false,
  backendServices: true,
  style: true,
  onlineAccess: true,
  scopes: ['openid', 'fhirUser', 'launch', 'patient/*.rs'],
}

describe('the SMART configuration', () => {
  const document = smartConfiguration(offer)

  test('has every member SMART App Launch 2.2.0 requires of it (SAL-10 to SAL-13)', () => {
    assert.equal(document.issuer, ISSUER)
    assert.equal(document.jwks_uri, `${ISSUER}/jwks`)
    assert.equal(document.authorization_endpoint, `${ISSUER}/auth`)
    assert.equal(document.token_endpoint, `${ISSUER}/token`)
    assert.ok(document.grant_types_supported.includes('authorization_code'))
    assert.ok(document.scopes_supported.includes('patient/*.rs'))
  })

  test('names how clients authenticate as SMART 1.0 did too (SAL-238)', () => {
    assert.deepEqual(document.token_endpoint_auth_methods, document.token_endpoint_auth_methods_supported)
  })

  test('offers S256 and never plain (SAL-11)', () => {
    assert.deepEqual(document.code_challenge_methods_supported, ['S256'])
  })

  test('advertises asymmetric clients with their algorithms (SAL-22, SAL-23)', () => {
    assert.ok(document.capabilities.includes('client-confidential-asymmetric'))
    assert.ok(document.token_endpoint_auth_methods_supported.includes('private_key_jwt'))
    assert.deepEqual(document.token_endpoint_auth_signing_alg_values_supported, ['RS384', 'ES384'])
  })

  test('lists a capability only when it is offered (SAL-17)', () => {
    for (const absent of [
      'launch-standalone',
      'authorize-post',
      'client-confidential-symmetric',
      'context-standalone-patient',
    ])
      assert.ok(!document.capabilities.includes(absent))
    const more = smartConfiguration({
      ...offer,
      standalone: { patient: true, encounter: false },
      symmetricClients: true,
      authorizePost: true,
    })
    for (const present of [
      'launch-standalone',
      'authorize-post',
      'client-confidential-symmetric',
      'context-standalone-patient',
    ])
      assert.ok(more.capabilities.includes(present))
    assert.ok(!more.capabilities.includes('context-standalone-encounter'))
    for (const method of ['client_secret_basic', 'client_secret_post']) {
      assert.ok(more.token_endpoint_auth_methods_supported.includes(method))
      assert.ok(!document.token_endpoint_auth_methods_supported.includes(method))
    }
  })

  test('tells where app state is kept, and which brand this is, only when they are there (SAL-212, SAL-224, SAL-225)', () => {
    for (const member of ['associated_endpoints', 'user_access_brand_bundle', 'user_access_brand_identifier'])
      assert.ok(!(member in document))
    assert.ok(!document.capabilities.includes('smart-app-state'))
    const identifier = { system: 'urn:ietf:rfc:3986', value: 'https://hospital.example' }
    const url = 'https://gateway.example/993467049/app-state'
    const bundle = 'https://gateway.example/brands.json'
    const more = smartConfiguration({
      ...offer,
      endpoints: { ...offer.endpoints, appState: url },
      brands: { bundle, identifier },
    })
    assert.ok(more.capabilities.includes('smart-app-state'))
    assert.deepEqual(more.associated_endpoints, [{ url, capabilities: ['smart-app-state'] }])
    assert.equal(more.user_access_brand_bundle, bundle)
    assert.deepEqual(more.user_access_brand_identifier, identifier)
  })

  test('lists no capability the guide does not define (SAL-18, SAL-19)', () => {
    for (const capability of document.capabilities)
      assert.match(capability, /^(launch|client|context-(?:banner|style|ehr|standalone)|permission|sso|authorize)\b/)
  })

  test('leaves out endpoints that are not there, and gives absolute addresses for those that are (SAL-6)', () => {
    assert.ok(!('management_endpoint' in document))
    for (const [member, value] of Object.entries(document))
      if (member.endsWith('_endpoint') || member.endsWith('_uri')) assert.match(JSON.stringify(value), /^"https?:\/\//)
  })
})
