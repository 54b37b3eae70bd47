import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { decodeJwt } from 'jose'
import { tenantOf } from '@uthopp/storage/tenant'
import { createClientStore } from '#src/storage/sql-clients.ts'
import { introspectWith, launchApp, registerApp } from '#test/support/apps.ts'
import { OUS } from '#test/support/stub-host.ts'
import { startWorld, type World } from '#test/support/world.ts'

const NO_PKCE = { code_challenge: undefined, code_challenge_method: undefined }
const NO_VERIFIER = { code_verifier: undefined }
const CONTEXT = [
  { reference: 'ImagingStudy/img1' },
  { reference: 'ImagingStudy/img1', role: 'https://uthopp.example/roles/prior' },
  { canonical: 'https://uthopp.example/Questionnaire/q1', type: 'Questionnaire' },
]

describe('the SMART level of a client', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  const at = (level: string) => registerApp(world, { smart_level: level })

  test('is stored with its kind, scopes, grants, addresses and origins (SAL-35)', async () => {
    const clientId = await at('2.0')
    const client = await createClientStore(world.db, tenantOf(OUS)).find(clientId)
    assert.equal(client?.smartLevel, '2.0')
    assert.deepEqual(client.grantTypes, ['authorization_code', 'refresh_token'])
    assert.equal(client.authentication.method, 'none')
    assert.ok(client.scope.includes('patient/Patient.r'))
    assert.deepEqual(client.launchUris, ['http://localhost:9999/launch.html'])
    assert.deepEqual(client.redirectUris, ['http://localhost:9999/'])
    await assert.rejects(at('1'), /invalid_client_metadata/)
    await assert.rejects(registerApp(world, { smart_level: 1 }), /invalid_client_metadata/)
  })

  test('1.0 goes without PKCE, with v1 scopes and `profile`, by GET, and is answered in v1 (SAL-75, SAL-237)', async () => {
    const { status, tokens } = await launchApp(
      world,
      await at('1.0'),
      {},
      { ...NO_PKCE, scope: 'launch openid profile patient/*.read' },
      NO_VERIFIER,
    )
    assert.equal(status, 200)
    assert.equal(tokens['scope'], 'launch openid profile patient/*.read')
    assert.equal(
      decodeJwt(String(tokens['id_token']))['fhirUser'],
      `${world.fhirBase()}/Practitioner/stf101`,
      '`openid profile` is `openid fhirUser`',
    )
  })

  test('1.0 with a challenge is held to it', async () => {
    const clientId = await at('1.0')
    assert.equal((await launchApp(world, clientId)).status, 200)
    for (const verifier of [undefined, 'x'.repeat(43)]) {
      const { status, tokens } = await launchApp(world, clientId, {}, {}, { code_verifier: verifier })
      assert.deepEqual([status, tokens['error']], [400, 'invalid_grant'])
    }
    // A verifier without a challenge is somebody who mixes two requests.
    const mixed = await launchApp(world, clientId, {}, NO_PKCE)
    assert.deepEqual([mixed.status, mixed.tokens['error']], [400, 'invalid_grant'])
  })

  test('never makes `plain` good, and waives nothing for clients of SMART 2 (SAL-71, SAL-72)', async () => {
    const [old, two, now] = [await at('1.0'), await at('2.0'), await at('2.2')]
    for (const [clientId, changes] of [
      [old, { code_challenge_method: 'plain' }],
      [old, { code_challenge_method: undefined }],
      [old, { code_challenge: undefined }],
      [two, NO_PKCE],
      [now, NO_PKCE],
      ['pacs-viewer', { ...NO_PKCE, redirect_uri: 'http://localhost:4101/index.html' }],
    ] as const) {
      const { redirect } = await launchApp(world, clientId, {}, changes)
      assert.equal(redirect.searchParams.get('error'), 'invalid_request', JSON.stringify(changes))
      assert.equal(redirect.searchParams.get('code'), null)
    }
  })

  test('decides how `fhirContext` is said: in references until 2.1, in objects since (SAL-102, SAL-106)', async () => {
    for (const [level, said] of [
      ['1.0', ['ImagingStudy/img1']],
      ['2.0', ['ImagingStudy/img1']],
      ['2.2', CONTEXT],
    ] as const) {
      const { tokens } = await launchApp(world, await at(level), { fhirContext: CONTEXT })
      assert.deepEqual(tokens['fhirContext'], said, level)
      assert.deepEqual((await introspectWith(world, tokens['access_token'])).body['fhirContext'], said)
    }
    const unsayable = await launchApp(world, await at('2.0'), { fhirContext: CONTEXT.slice(1) })
    assert.ok(!('fhirContext' in unsayable.tokens))
  })
})

describe('outside the demo world', () => {
  test('an app does not free itself of PKCE', async () => {
    const { parseClientMetadata } = await import('#src/registration/metadata.ts')
    const metadata = { redirect_uris: ['https://app.example/'], smart_level: '1.0' }
    assert.ok('code' in parseClientMetadata(metadata, 'production'))
    assert.ok(!('code' in parseClientMetadata(metadata, 'demo')))
  })
})
