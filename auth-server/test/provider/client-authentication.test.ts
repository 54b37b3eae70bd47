import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { generateSigningKey } from '@uthopp/server-kit/keys'
import { AHUS } from '#test/support/stub-host.ts'
import {
  ASSERTION_TYPE,
  type AssertionParts,
  json,
  postForm,
  signAssertion,
  startWorld,
  type World,
} from '#test/support/world.ts'

describe('private_key_jwt', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  const parts = (changes: Partial<AssertionParts> = {}): AssertionParts => ({
    clientId: 'host',
    audience: `${world.issuer()}/token`,
    key: world.host.key,
    ...changes,
  })
  const send = (assertion: string, form: Readonly<Record<string, string>> = {}) =>
    postForm(`${world.issuer()}/token`, {
      grant_type: 'client_credentials',
      scope: '__launch',
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: assertion,
      ...form,
    })
  const refused = async (answer: Response, error = 'invalid_client', status = 401) => {
    assert.deepEqual({ status: answer.status, error: (await json(answer))['error'] }, { status, error })
  }

  test('takes the issuer or the token endpoint as audience, and a `typ` or none (SAL-167)', async () => {
    assert.equal((await send(await signAssertion(parts()))).status, 200)
    assert.equal((await send(await signAssertion(parts({ audience: world.issuer() })))).status, 200)
    assert.equal((await send(await signAssertion(parts()), { resource: `${world.issuer()}/launches` })).status, 200)
  })

  test('takes one audience or several of ours, and none that is good elsewhere too (RFC 7523 §3)', async () => {
    const own = `${world.issuer()}/token`
    assert.equal((await send(await signAssertion(parts({ audience: [own] })))).status, 200)
    assert.equal((await send(await signAssertion(parts({ audience: [own, world.issuer()] })))).status, 200)
    for (const other of ['https://evil.test/token', `${world.issuer(AHUS)}/token`, world.issuer().slice(0, -1)])
      for (const audience of [
        [own, other],
        [other, own],
      ])
        await refused(await send(await signAssertion(parts({ audience }))))
  })

  test('refuses an assertion used before, also eight at once (SAL-161)', async () => {
    const assertion = await signAssertion(parts())
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(assertion)))
    assert.equal(answers.filter((answer) => answer.status === 200).length, 1)
    await refused(await send(assertion))
  })

  test('refuses a foreign key, audience, subject, algorithm, type or key address, and one that lives too long (SAL-159, SAL-160, SAL-162, SAL-163, SAL-164)', async () => {
    const foreign = await generateSigningKey('ES256')
    await refused(await send(await signAssertion(parts({ key: foreign }))))
    await refused(await send(await signAssertion(parts({ key: { ...foreign, kid: world.host.key.kid } }))))
    await refused(await send(await signAssertion(parts({ audience: `${world.issuer(AHUS)}/token` }))))
    await refused(await send(await signAssertion(parts({ clientId: 'launcher' }))))
    await refused(await send(await signAssertion(parts({ lifetime: 3600 }))))
    await refused(await send(await signAssertion(parts({ lifetime: -60 }))))
    await refused(await send(await signAssertion(parts({ header: { typ: 'at+jwt' } }))))
    await refused(await send(await signAssertion(parts({ header: { jku: 'https://evil.test/jwks.json' } }))))
    await refused(await send(await signAssertion(parts({ header: { kid: undefined } }))))
    await refused(await send(await signAssertion(parts({ header: { crit: ['b64'], b64: true } }))))
  })

  test('answers a malformed assertion with invalid_client (SAL-166)', async () => {
    await refused(await send('not.a.jwt'))
    await refused(await send('x'))
    await refused(await send(await signAssertion(parts()), { client_assertion_type: 'urn:other' }))
  })

  test('knows a key that the host published a moment ago', async () => {
    assert.equal((await send(await signAssertion(parts()))).status, 200)
    const jku = `${world.host.origin}/993467049/jwks.json`
    assert.equal((await send(await signAssertion(parts({ header: { jku } })))).status, 200)
  })

  test('grants a host its one scope at its one audience (SAL-171, SAL-173, SAL-174, SAL-175)', async () => {
    await refused(await send(await signAssertion(parts()), { scope: 'system/*.rs' }), 'invalid_target', 400)
    await refused(
      await send(await signAssertion(parts()), { scope: '__introspect', resource: `${world.issuer()}/launches` }),
      'invalid_scope',
      400,
    )
    await refused(await send(await signAssertion(parts()), { resource: world.fhirBase() }), 'invalid_target', 400)
    const body = await json(await send(await signAssertion(parts()), { scope: '__launch system/*.rs' }))
    assert.equal(body['scope'], '__launch')
    assert.equal(body['refresh_token'], undefined)
  })
})
