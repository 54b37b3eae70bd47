import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from '@uthopp/storage/sql'
import { Browser } from '#test/support/browser.ts'
import { exchange, INTENT, launch, refresh } from '#test/support/launch.ts'
import { standalone, submit, submitAndFollow, throughPages } from '#test/support/standalone.ts'
import { PASSWORD } from '#test/support/stub-host.ts'
import { hostToken, json, postForm, startWorld, type World } from '#test/support/world.ts'

describe('what cannot be written down is not done', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  /** Where a deed and its record are two steps, the deed has happened by the time the record fails, as it has at a kill. */
  async function withoutLog<T>(work: () => Promise<T>): Promise<T> {
    await world.db.acrossTenants.run(sql`alter table audit_outbox rename to audit_outbox_away`)
    try {
      return await work()
    } finally {
      await world.db.acrossTenants.run(sql`alter table audit_outbox_away rename to audit_outbox`)
    }
  }
  const isAlive = async (token: unknown): Promise<boolean> => {
    const answer = await postForm(
      `${world.issuer()}/introspect`,
      { token: String(token) },
      { authorization: `Bearer ${String(token)}` },
    )
    return answer.status === 200 && (await json(answer))['active'] === true
  }

  /** With a token from before the log went away. */
  const askAsHost = async () => {
    const token = await hostToken(world)
    return (path: string, body: unknown) =>
      fetch(`${world.issuer()}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
  }

  test('the end of launches', async () => {
    const launched = await launch(world, new Browser(), { session: 'deed', workspace: 'deed' })
    const ask = await askAsHost()
    assert.equal((await withoutLog(() => ask('/launches/end', { session: 'deed' }))).status, 500)
    assert.ok(await isAlive(launched.tokens['access_token']))
    assert.equal((await json(await ask('/launches/end', { session: 'deed' })))['ended'], 1)
    assert.equal(await isAlive(launched.tokens['access_token']), false)
  })

  test('the change of patient in a tab, with the offer that makes it', async () => {
    const launched = await launch(world, new Browser(), { workspace: 'tab-deed', patient: 'cdp1001' })
    const ask = await askAsHost()
    const next = { ...INTENT, workspace: 'tab-deed', patient: 'cdp1002' }
    assert.equal((await withoutLog(() => ask('/launches', next))).status, 500)
    assert.ok(await isAlive(launched.tokens['access_token']))
    assert.equal((await ask('/launches', next)).status, 201)
    assert.equal(await isAlive(launched.tokens['access_token']), false)
  })

  test('the change and the removal of a registration', async () => {
    const metadata = {
      client_name: 'An app',
      redirect_uris: ['http://localhost:9999/'],
      launch_uris: ['http://localhost:9999/launch.html'],
      scope: 'launch online_access patient/Patient.r',
      token_endpoint_auth_method: 'none',
    }
    const send = (method: string, url: string, token: string, body?: unknown) =>
      fetch(url, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    const registered = await json(await send('POST', `${world.issuer()}/register`, '', metadata))
    const [uri, token] = [
      String(registered['registration_client_uri']),
      String(registered['registration_access_token']),
    ]
    const changed = { ...metadata, client_id: registered['client_id'], client_name: 'Another name' }
    assert.equal((await withoutLog(() => send('PUT', uri, token, changed))).status, 500)
    assert.equal((await json(await send('GET', uri, token)))['client_name'], 'An app')
    assert.equal((await withoutLog(() => send('DELETE', uri, token))).status, 500)
    assert.equal((await send('GET', uri, token)).status, 200)
    assert.equal((await send('PUT', uri, token, changed)).status, 200)
    assert.equal((await send('DELETE', uri, token)).status, 204)
  })

  test('the revocation of an access token or a refresh token', async () => {
    const { tokens } = await launch(world, new Browser(), { workspace: 'tab-revoke' })
    const discovered = await json(await fetch(`${world.issuer()}/.well-known/smart-configuration`))
    const address = String(discovered['revocation_endpoint'])
    for (const name of ['access_token', 'refresh_token']) {
      const send = () => postForm(address, { token: String(tokens[name]), client_id: 'pacs-viewer' })
      assert.equal((await withoutLog(send)).status, 500, name)
      assert.ok(await isAlive(tokens['access_token']), name)
    }
    assert.equal((await refresh(world, tokens['refresh_token'])).status, 200)
  })

  test('the withdrawal of a consent', async () => {
    const browser = new Browser()
    await submitAndFollow(browser, `${world.issuer()}/apps`, { username: 'stf101', password: PASSWORD })
    const request = standalone(world)
    const redirect = await throughPages(browser, request.url)
    const tokens = await json(await exchange(world, request, redirect.searchParams.get('code') ?? ''))
    const withdraw = () => submit(browser, `${world.issuer()}/apps`, { withdraw: 'pacs-viewer' })
    assert.equal((await withoutLog(withdraw)).status, 500)
    assert.ok(await isAlive(tokens['access_token']))
    assert.equal((await withdraw()).status, 303)
    assert.equal(await isAlive(tokens['access_token']), false)
  })
})
