import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { generateSigningKey, publicJwks } from '@uthopp/server-kit/keys'
import { secretHash } from '#src/launch/secrets.ts'
import { launchApp, registerApp } from '#test/support/apps.ts'
import { Browser } from '#test/support/browser.ts'
import { launch, refresh } from '#test/support/launch.ts'
import { assertNowhere } from '#test/support/nowhere.ts'
import { ASSERTION_TYPE, json, postForm, signAssertion, startWorld, type World } from '#test/support/world.ts'
import { logged } from './support.ts'

const BACKEND = {
  redirect_uris: undefined,
  launch_uris: undefined,
  grant_types: ['client_credentials'],
  token_endpoint_auth_method: 'private_key_jwt',
  scope: 'system/Patient.rs',
}

describe('bearer secrets', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  /** Whoever reads the database, a backup of it or the log must not hold a live token. */
  test('stand in no table and no line of the log, the access log included: tokens of all kinds, codes and handles', async () => {
    const jwt = await launch(world, new Browser(), { session: 'no-secrets' })
    const again = await json(await refresh(world, jwt.tokens['refresh_token']))
    const opaque = { access_token_format: 'opaque' }
    const kept = await launchApp(world, await registerApp(world, opaque))
    const keptAgain = await json(await refresh(world, kept.tokens['refresh_token']))
    const bare = await registerApp(world, { ...opaque, scope: 'launch openid fhirUser patient/Patient.r' })
    const once = await launchApp(world, bare)
    const key = await generateSigningKey('ES256')
    const service = await registerApp(world, { ...BACKEND, ...opaque, jwks: publicJwks([key]) })
    const backend = await json(
      await postForm(`${world.issuer()}/token`, {
        grant_type: 'client_credentials',
        scope: 'system/Patient.rs',
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: await signAssertion({ clientId: service, audience: `${world.issuer()}/token`, key }),
      }),
    )
    await assertNowhere(world, {
      handle: jwt.offered.launch,
      'start secret': jwt.offered.startUrl.split('/').at(-1),
      code: jwt.code,
      JWT: jwt.tokens['access_token'],
      'refresh token': jwt.tokens['refresh_token'],
      'rotated refresh token': again['refresh_token'],
      'opaque token of a code': kept.tokens['access_token'],
      'opaque token of a refresh token': keptAgain['access_token'],
      'rotated refresh token beside it': keptAgain['refresh_token'],
      'opaque token without a refresh token': once.tokens['access_token'],
      'opaque token of a service': backend['access_token'],
    })
    const records = await logged(world, (all) => all.some(({ clientId }) => clientId === service))
    for (const token of [kept.tokens, keptAgain, once.tokens, backend]) {
      const name = secretHash(String(token['access_token']))
      assert.ok(records.some(({ detail }) => detail['tokenId'] === name))
    }
  })
})

describe('what the access log tells of a token', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  const jtiOf = (token: unknown): unknown =>
    (JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString()) as { jti?: unknown }).jti // a JWT of ours

  test('is its name, what this one opens, and the launch it is of: at the code, and when a refresh asks for less', async () => {
    const { tokens } = await launch(world, new Browser(), { session: 'told-of-tokens' })
    const less = await json(await refresh(world, tokens['refresh_token'], { scope: 'openid patient/Patient.r' }))
    assert.equal(less['scope'], 'openid patient/Patient.r')
    const records = await logged(world, (all) => all.some(({ activity }) => activity === 'token-refreshed'))
    const launchId = records.find(({ activity }) => activity === 'launch-offered')?.launchId
    assert.ok(launchId)
    for (const [activity, body] of [
      ['token-issued', tokens],
      ['token-refreshed', less],
    ] as const) {
      const told = records.filter((record) => record.activity === activity && record.clientId === 'pacs-viewer')
      assert.deepEqual(
        told.map((record) => [record.detail['tokenId'], record.detail['granted'], record.launchId]),
        [[jtiOf(body['access_token']), String(body['scope']).split(' '), launchId]],
      )
    }
  })

  test('is the same of an opaque one that was refreshed, under the name that stands for it', async () => {
    const { tokens } = await launchApp(world, await registerApp(world, { access_token_format: 'opaque' }))
    const less = await json(await refresh(world, tokens['refresh_token'], { scope: 'openid' }))
    const name = secretHash(String(less['access_token']))
    const records = await logged(world, (all) => all.some(({ detail }) => detail['tokenId'] === name))
    const told = records.find(({ detail }) => detail['tokenId'] === name)
    assert.deepEqual([told?.activity, told?.detail['granted']], ['token-refreshed', ['openid']])
    assert.ok(told?.launchId)
  })
})
