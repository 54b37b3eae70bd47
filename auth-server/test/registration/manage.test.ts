import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Browser } from '#test/support/browser.ts'
import { launch, refresh } from '#test/support/launch.ts'
import { json, postForm, startWorld, type World } from '#test/support/world.ts'

const APP = {
  client_name: 'An app',
  redirect_uris: ['http://localhost:9999/'],
  launch_uris: ['http://localhost:9999/launch.html'],
  scope: 'launch offline_access patient/Patient.r',
  token_endpoint_auth_method: 'none',
}

describe('a registration (RFC 7592)', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  const send = (method: string, url: unknown, token: unknown, body?: unknown) =>
    fetch(String(url), {
      method,
      headers: { authorization: `Bearer ${String(token)}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const registered = async (metadata: unknown = APP) => {
    const body = await json(await send('POST', `${world.issuer()}/register`, '', metadata))
    const { client_id: clientId, registration_client_uri: uri, registration_access_token: token } = body
    return { body, clientId: String(clientId), uri, token }
  }
  const launched = (clientId: string) =>
    launch(
      world,
      new Browser(),
      { client_id: clientId },
      { client_id: clientId, redirect_uri: 'http://localhost:9999/', scope: APP.scope },
    )

  test('is read by whoever holds its token, without secrets, and the token is stored hashed', async () => {
    const { body, clientId, uri, token } = await registered({
      ...APP,
      token_endpoint_auth_method: 'client_secret_post',
    })
    const answer = await send('GET', uri, token)
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    const { client_secret: _secret, client_secret_expires_at: _at, ...rest } = body
    // RFC 7592 §3 wants the token and the address in every answer.
    assert.deepEqual(await json(answer), rest)
    assert.doesNotMatch(world.lines.join('\n'), new RegExp(String(token)))
    const other = await registered()
    for (const [address, wrong] of [
      [uri, 'x'],
      [uri, ''],
      [uri, other.token],
      [`${world.issuer()}/register/pacs-viewer`, token],
      [`${world.issuer()}/register/nobody`, token],
      [`${world.issuer('983971636')}/register/${clientId}`, token],
    ])
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const refused = await send(
          method,
          address,
          wrong,
          method === 'PUT' ? { ...APP, client_id: clientId } : undefined,
        )
        assert.equal(refused.status, 401, `${method} ${String(address)}`)
        assert.match(refused.headers.get('www-authenticate') ?? '', /^Bearer error="invalid_token"/)
      }
  })

  test('is updated whole and under every rule of registering, and what the app had been given dies', async () => {
    const { clientId, uri, token } = await registered()
    const { tokens } = await launched(clientId)
    for (const wrong of [
      APP,
      { ...APP, client_id: 'pacs-viewer' },
      { ...APP, client_id: clientId, redirect_uris: ['javascript:alert(1)'] },
      { ...APP, client_id: clientId, client_secret: 'x' },
      { ...APP, client_id: clientId, registration_access_token: token },
      { client_id: clientId, grant_types: ['client_credentials'], scope: 'system/*.rs' },
      [],
    ])
      assert.equal((await send('PUT', uri, token, wrong)).status, 400, JSON.stringify(wrong))
    const changed = {
      ...APP,
      client_id: clientId,
      client_name: 'Renamed',
      scope: 'launch patient/Patient.r',
      token_endpoint_auth_method: 'client_secret_basic',
    }
    const answer = await send('PUT', uri, token, changed)
    const body = await json(answer)
    assert.deepEqual([answer.status, body['client_name'], body['scope']], [200, 'Renamed', changed.scope])
    assert.equal(String(body['client_secret']).length, 43)
    const again = await json(await send('PUT', uri, token, { ...changed, client_secret: body['client_secret'] }))
    assert.equal(again['token_endpoint_auth_method'], 'client_secret_basic')
    assert.equal(again['client_secret'], undefined, 'kept, not shown again')
    assert.notEqual((await refresh(world, tokens['refresh_token'])).status, 200)
  })

  test('is deleted with its grants, and is unknown afterwards', async () => {
    const { clientId, uri, token } = await registered()
    const { tokens } = await launched(clientId)
    assert.equal((await send('DELETE', uri, token)).status, 204)
    assert.equal((await json(await refresh(world, tokens['refresh_token'])))['error'], 'invalid_grant')
    assert.equal((await send('GET', uri, token)).status, 401)
    const bearer = String(tokens['access_token'])
    const introspected = await postForm(
      `${world.issuer()}/introspect`,
      { token: bearer },
      { authorization: `Bearer ${bearer}` },
    )
    assert.equal(introspected.status, 401)
  })
})
