import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { generateSigningKey, publicJwks } from '@uthopp/server-kit/keys'
import { denied, nameOfAsk } from '#test/policy/in-test-point.ts'
import { launch } from '#test/support/launch.ts'
import { ASSERTION_TYPE, json, postForm, signAssertion, startWorld, type World } from '#test/support/world.ts'

describe('a backend service', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  const register = (metadata: Readonly<Record<string, unknown>>) =>
    fetch(`${world.issuer()}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        grant_types: ['client_credentials'],
        token_endpoint_auth_method: 'private_key_jwt',
        ...metadata,
      }),
    })
  const registered = async (scope: string) => {
    const key = await generateSigningKey('ES256')
    const body = await json(await register({ scope, jwks: publicJwks([key]) }))
    const clientId = String(body['client_id'])
    const send = async (path: string, form: Readonly<Record<string, string>>) =>
      postForm(`${world.issuer()}${path}`, {
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: await signAssertion({ clientId, audience: `${world.issuer()}/token`, key }),
        ...form,
      })
    const ask = (form: Readonly<Record<string, string>>) =>
      send('/token', { grant_type: 'client_credentials', ...form })
    return { body, clientId, ask, revoke: (token: string) => send('/revoke', { token }) }
  }

  test('is given what was approved, for five minutes, without a person and without a refresh token (SAL-168 to SAL-175)', async () => {
    const { clientId, ask } = await registered('system/Patient.rs system/Observation.rs')
    const answer = await ask({ scope: 'system/Patient.rs' })
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    assert.equal(answer.headers.get('pragma'), 'no-cache')
    const { access_token: token, ...rest } = await json(answer)
    assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 300, scope: 'system/Patient.rs' })
    const claims = decodeJwt(String(token))
    assert.equal(claims.aud, world.fhirBase())
    assert.equal(claims.sub, clientId)
    assert.equal(claims['client_id'], clientId)
    assert.equal(claims['tenant'], '993467049')
    for (const absent of ['grant_id', 'patient', 'encounter', 'fhirUser']) assert.equal(claims[absent], undefined)
  })

  test('is given what policy permits a service without a person, and nothing while nobody can decide', async () => {
    const { clientId, ask } = await registered('system/Patient.rs system/Observation.rs')
    const point = world.policy()
    point.asked.length = 0
    point.answer = (asked) => (nameOfAsk(asked) === 'system/Observation.s' ? denied('no') : undefined)
    const less = await json(await ask({ scope: 'system/Patient.rs system/Observation.rs' }))
    assert.equal(less['scope'], 'system/Patient.rs system/Observation.r')
    assert.equal(decodeJwt(String(less['access_token']))['scope'], less['scope'])
    assert.deepEqual(point.asked[0]?.subject, { kind: 'client', id: clientId, role: null })
    point.answer = () => denied('no')
    assert.equal((await json(await ask({ scope: 'system/Patient.rs' })))['error'], 'invalid_scope')
    point.answer = () => denied('pdp-unavailable')
    const later = await ask({ scope: 'system/Patient.rs' })
    assert.equal(later.status, 503)
    assert.ok(Number(later.headers.get('retry-after')) > 0)
    assert.match(String((await json(later))['error_description']), /new assertion/, 'the one it sent is spent')
    point.answer = () => undefined
    assert.equal((await ask({ scope: 'system/Patient.rs' })).status, 200)
  })

  test('of either algorithm authenticates with its own key (SAL-158)', async () => {
    for (const alg of ['RS384', 'ES384']) {
      const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
      const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k' }] }
      const clientId = String((await json(await register({ scope: 'system/*.rs', jwks })))['client_id'])
      const assertion = await new SignJWT({ jti: randomUUID() })
        .setProtectedHeader({ alg, kid: 'k', typ: 'JWT' })
        .setIssuer(clientId)
        .setSubject(clientId)
        .setAudience(`${world.issuer()}/token`)
        .setExpirationTime('5m')
        .sign(privateKey)
      const form = { grant_type: 'client_credentials', scope: 'system/Patient.r', client_assertion: assertion }
      const answer = await postForm(`${world.issuer()}/token`, { ...form, client_assertion_type: ASSERTION_TYPE })
      assert.equal(answer.status, 200, alg)
    }
  })

  test('gets no more than was approved, nothing for a person, and an error where nothing remains (SAL-170, SAL-171, SAL-172)', async () => {
    const { ask } = await registered('system/Patient.rs')
    assert.equal((await json(await ask({ scope: 'system/*.cruds' })))['scope'], 'system/Patient.rs')
    assert.equal(
      (await json(await ask({ scope: 'system/Patient.r user/Patient.rs patient/Patient.rs openid offline_access' })))[
        'scope'
      ],
      'system/Patient.r',
    )
    for (const scope of ['system/Observation.rs', 'user/Patient.rs', '__launch', '__revocations', ''])
      assert.equal((await ask(scope === '' ? {} : { scope })).status, 400, scope)
    assert.equal((await ask({ scope: 'system/Patient.rs', resource: `${world.issuer()}/launches` })).status, 400)
  })

  test('is approved for reading and searching, and says so; it can be nothing else besides (SAL-153)', async () => {
    const { body } = await registered('system/*.cruds system/Patient.read user/*.rs launch __introspect __launch')
    assert.equal(body['scope'], 'system/*.rs system/Patient.read __introspect')
    assert.equal(body['approval'], 'demo-automatic')
    assert.deepEqual([body['redirect_uris'], body['response_types']], [[], []])
    const jwks = publicJwks([await generateSigningKey('ES256')])
    for (const wrong of [
      { token_endpoint_auth_method: 'none' },
      { token_endpoint_auth_method: 'client_secret_basic' },
      { redirect_uris: ['http://localhost:9999/'], jwks },
      { launch_uris: ['http://localhost:9999/'], jwks },
      { grant_types: ['client_credentials', 'authorization_code'], jwks },
      { scope: 'user/*.rs launch', jwks },
    ])
      assert.equal((await register({ scope: 'system/*.rs', ...wrong })).status, 400, JSON.stringify(wrong))
  })

  test('and an app hear unauthorized_client when they ask with the other’s grant (RFC 6749 §5.2)', async () => {
    const { ask } = await registered('system/Patient.rs')
    for (const form of [
      {
        grant_type: 'authorization_code',
        code: 'x',
        redirect_uri: 'http://localhost:9999/',
        code_verifier: 'x'.repeat(43),
      },
      { grant_type: 'refresh_token', refresh_token: 'x' },
    ])
      assert.equal((await json(await ask(form)))['error'], 'unauthorized_client')
    const app = { grant_type: 'client_credentials', client_id: 'pacs-viewer', scope: 'patient/Patient.r' }
    assert.equal((await json(await postForm(`${world.issuer()}/token`, app)))['error'], 'unauthorized_client')
  })

  test('ends its tokens by revoking one of them (SAL-195)', async () => {
    const { ask, revoke } = await registered('system/Patient.rs')
    const other = await registered('system/Patient.rs')
    const [first, second, theirs] = await Promise.all(
      [ask, ask, other.ask].map(async (from) =>
        String((await json(await from({ scope: 'system/Patient.rs' })))['access_token']),
      ),
    )
    const introspect = async (token: string | undefined) =>
      (await postForm(`${world.issuer()}/introspect`, { token: token ?? '' }, { authorization: `Bearer ${token}` }))
        .status
    assert.deepEqual([await introspect(first), await introspect(second)], [200, 200])
    assert.equal((await revoke(first ?? '')).status, 200)
    assert.deepEqual([await introspect(first), await introspect(second), await introspect(theirs)], [401, 401, 200])
  })

  test('is no app: nobody launches it, and an app is no backend service', async () => {
    const { clientId } = await registered('system/Patient.rs')
    const answer = await fetch(
      `${world.issuer()}/auth?${new URLSearchParams({ response_type: 'code', client_id: clientId, redirect_uri: 'http://localhost:9999/' }).toString()}`,
      { redirect: 'manual' },
    )
    assert.equal(answer.status, 400)
    const app = await json(
      await register({
        grant_types: ['authorization_code'],
        redirect_uris: ['http://localhost:9999/'],
        scope: 'system/Patient.rs launch',
        jwks: publicJwks([await generateSigningKey('ES256')]),
      }),
    )
    assert.equal(app['scope'], 'launch')
  })

  test('with `__introspect` asks about anybody’s token, and without it only about its own (SAL-192, SAL-193)', async () => {
    const { tokens } = await launch(world)
    const holding = async (scope: string) =>
      String((await json(await (await registered(scope)).ask({ scope })))['access_token'])
    const ask = async (bearer: string) =>
      json(
        await postForm(
          `${world.issuer()}/introspect`,
          { token: String(tokens['access_token']) },
          { authorization: `Bearer ${bearer}` },
        ),
      )
    const told = await ask(await holding('__introspect'))
    assert.equal(told['active'], true)
    assert.equal(told['patient'], 'cdp1001')
    assert.deepEqual(await ask(await holding('system/Patient.rs')), { active: false })
  })
})
