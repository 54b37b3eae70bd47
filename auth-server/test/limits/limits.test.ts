import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { Browser } from '#test/support/browser.ts'
import { launch, refresh } from '#test/support/launch.ts'
import { PASSWORD } from '#test/support/stub-host.ts'
import { submit } from '#test/support/standalone.ts'
import { json, postForm, startWorld, type World } from '#test/support/world.ts'

const basic = (clientId: unknown, secret: unknown): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${String(clientId)}:${String(secret)}`).toString('base64')}`,
})

describe('too many failures', () => {
  let world: World
  beforeEach(async () => {
    world = await startWorld({ limits: { failuresPerMinute: 5, refusedSignInsPerMinute: 3 } })
  })
  afterEach(() => world.close())

  const registerApp = async () => {
    const answer = await fetch(`${world.issuer()}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: ['http://localhost:9999/'] }),
    })
    return json(answer)
  }
  const introspect = (clientId: unknown, secret: unknown) =>
    postForm(`${world.issuer()}/introspect`, { token: 'x' }, basic(clientId, secret))
  const statuses = async (times: number, ask: () => Promise<Response>) => {
    const all: number[] = []
    for (let time = 0; time < times; time += 1) all.push((await ask()).status)
    return all
  }

  test('of one client’s secret close it there for a minute, and no other client (SAL-208)', async () => {
    const [mine, other] = [await registerApp(), await registerApp()]
    const guess = () => introspect(mine['client_id'], 'a-guess')
    assert.deepEqual(await statuses(6, guess), [401, 401, 401, 401, 401, 429])
    const closed = await introspect(mine['client_id'], mine['client_secret'])
    assert.equal(closed.status, 429, 'not told whether this one was right')
    assert.equal((await json(closed))['error'], 'temporarily_unavailable')
    const wait = Number(closed.headers.get('retry-after'))
    assert.ok(wait >= 1 && wait <= 60, String(wait))
    assert.equal((await introspect(other['client_id'], other['client_secret'])).status, 200)
    assert.equal(
      (await postForm(`${world.issuer()}/token`, { grant_type: 'x' }, basic(mine['client_id'], 'y'))).status,
      429,
    )
    world.clock.aheadMs += 61_000
    assert.equal((await introspect(mine['client_id'], mine['client_secret'])).status, 200)
    assert.match(world.lines.join('\n'), /"authentication-limited"/)
    assert.doesNotMatch(world.lines.join('\n'), /a-guess/)
  })

  test('with refresh tokens nobody has are turned away, while the apps that have one go on', async () => {
    const launched = await launch(world)
    const guess = (form: Readonly<Record<string, string>>) => () =>
      postForm(`${world.issuer()}/token`, { grant_type: 'refresh_token', refresh_token: 'y'.repeat(43), ...form })
    const named = guess({ client_id: 'pacs-viewer' })
    const nameless = guess({})
    assert.deepEqual(await statuses(6, named), [400, 400, 400, 400, 400, 429])
    assert.deepEqual(await statuses(6, nameless), [400, 400, 400, 400, 400, 429])
    const closed = await fetch(`${world.issuer()}/token`, {
      method: 'POST',
      headers: { origin: 'http://localhost:4101' },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'z', client_id: 'pacs-viewer' }),
    })
    assert.equal(closed.headers.get('access-control-allow-origin'), 'http://localhost:4101', 'its page can read why')
    assert.equal((await refresh(world, launched.tokens['refresh_token'])).status, 200)
  })

  test('with Bearer tokens that are none do not close introspection to those who have one', async () => {
    const launched = await launch(world)
    const ask = (token: string) => () =>
      postForm(`${world.issuer()}/introspect`, { token }, { authorization: `Bearer ${token}` })
    assert.deepEqual(await statuses(6, ask('nothing')), [401, 401, 401, 401, 401, 429])
    assert.equal((await ask(String(launched.tokens['access_token']))()).status, 200)
  })

  test('to sign in, whoever they are for, close the page to that address for a minute', async () => {
    const attempt = async (username: string, password: string) =>
      (await submit(new Browser(), `${world.issuer()}/apps`, { username, password })).status
    assert.deepEqual(
      [await attempt('stf101', 'x'), await attempt('stf102', 'x'), await attempt('nobody', 'x')],
      [403, 403, 403],
    )
    assert.equal(await attempt('stf101', PASSWORD), 429)
  })
})
