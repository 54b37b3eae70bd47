import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { generateSigningKey } from '@uthopp/server-kit/keys'
import { sql } from '@uthopp/storage/sql'
import { Browser } from '#test/support/browser.ts'
import { authorize, authorizing, exchange, INTENT, launch, offer, start, submitStart } from '#test/support/launch.ts'
import { AHUS, PASSWORD } from '#test/support/stub-host.ts'
import { spoiled } from '#test/support/spoiled.ts'
import { openPage, standalone, submit } from '#test/support/standalone.ts'
import {
  apiToken,
  ASSERTION_TYPE,
  callApi,
  json,
  postForm,
  signAssertion,
  startWorld,
  type World,
} from '#test/support/world.ts'

type Form = Readonly<Record<string, string>>
type Answer = { readonly status: number; readonly headers: Headers }

describe('a refused request leaves no state behind', () => {
  let world: World
  let tables: readonly string[]
  before(async () => {
    world = await startWorld()
    const rows = await world.db.acrossTenants.all<{ name: string }>(
      sql`select name from sqlite_master where type = 'table' order by name`,
    )
    // That somebody was refused stands in the log, and nowhere else.
    tables = rows.map(({ name }) => name).filter((name) => !/^(?:sqlite_|audit_)/.test(name))
  })
  after(() => world.close())

  /** Every row of every table, so that what was changed in place shows as well. */
  async function everything(): Promise<Readonly<Record<string, readonly string[]>>> {
    const rows = await Promise.all(
      // named by the database itself
      tables.map((table) => world.db.acrossTenants.all(sql`select * from ${sql.raw(table as 'a table of our own')}`)),
    )
    return Object.fromEntries(
      tables.map((table, at) => [table, (rows[at] ?? []).map((row) => JSON.stringify(row)).sort()]),
    )
  }

  /** Sends what must be refused, one after the other, and looks at the whole database each time. */
  async function leavesNothing(attempts: readonly (readonly [string, () => Promise<Answer>])[]): Promise<void> {
    const before = await everything()
    for (const [name, attempt] of attempts) {
      const answer = await attempt()
      const to = answer.headers.get('location')
      const refused = answer.status >= 400 || (to !== null && new URL(to).searchParams.has('error'))
      assert.ok(refused && answer.status < 500, `${name}: ${answer.status} ${to}`)
      assert.deepEqual(await everything(), before, name)
    }
    assert.ok(attempts.length > 0)
  }
  const postRaw = (path: string, body: string, headers: Form = {}) =>
    fetch(`${world.issuer()}${path}`, {
      method: 'POST',
      body,
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    })
  const postJson = (path: string, body: unknown, headers: Form = {}) =>
    postRaw(path, JSON.stringify(body), { 'content-type': 'application/json', ...headers })

  test('and what is let through does: this would be seen', async () => {
    const before = await everything()
    const { request, redirect } = await authorize(world, new Browser(), { session: 'seen' })
    const authorized = await everything()
    assert.notDeepEqual(authorized, before)
    assert.equal((await exchange(world, request, redirect.searchParams.get('code') ?? '')).status, 200)
    assert.notDeepEqual(await everything(), authorized)
  })

  test('of a code, which can be exchanged afterwards', async () => {
    const { request, redirect } = await authorize(world, new Browser(), { session: 'code' })
    const form = {
      grant_type: 'authorization_code',
      code: redirect.searchParams.get('code') ?? '',
      redirect_uri: request.redirectUri,
      client_id: request.clientId,
      code_verifier: request.verifier,
    }
    await leavesNothing(spoiled(form).map(([name, body]) => [name, () => postRaw('/token', body)] as const))
    await leavesNothing([
      ['another app', () => postForm(`${world.issuer()}/token`, { ...form, client_id: 'nutrition' })],
      ['another trust', () => postForm(`${world.issuer(AHUS)}/token`, form)],
      ['another resource', () => postForm(`${world.issuer()}/token`, { ...form, resource: 'https://evil.test' })],
      ['JSON', () => postJson('/token', form)],
    ])
    assert.equal((await postForm(`${world.issuer()}/token`, form)).status, 200)
  })

  test('of a refresh token, which can be used afterwards', async () => {
    const { tokens } = await launch(world, new Browser(), { session: 'refresh' })
    const form = {
      grant_type: 'refresh_token',
      refresh_token: String(tokens['refresh_token']),
      client_id: 'pacs-viewer',
      scope: 'patient/Patient.r',
    }
    // Without `scope` a refresh is whole, and public apps may leave `client_id` out.
    const whole = /^(?:scope|client_id) (?:missing|empty)$/
    const wrong = spoiled(form).filter(([name]) => !whole.test(name))
    await leavesNothing(wrong.map(([name, body]) => [name, () => postRaw('/token', body)] as const))
    await leavesNothing([
      ['another app', () => postForm(`${world.issuer()}/token`, { ...form, client_id: 'nutrition' })],
      ['more than was granted', () => postForm(`${world.issuer()}/token`, { ...form, scope: 'user/*.cruds' })],
    ])
    assert.equal((await postForm(`${world.issuer()}/token`, form)).status, 200)
  })

  test('of an assertion, which is not even remembered before it is known to be the client’s', async () => {
    const { key } = world.host
    const parts = { clientId: 'host', audience: `${world.issuer()}/token`, key, jti: 'kept-for-later' }
    const stranger = await generateSigningKey('ES256')
    const send = async (changes: Partial<Parameters<typeof signAssertion>[0]>, form: Form = {}) =>
      postForm(`${world.issuer()}/token`, {
        grant_type: 'client_credentials',
        scope: '__launch',
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: await signAssertion({ ...parts, ...changes }),
        ...form,
      })
    await leavesNothing([
      ['another key', () => send({ key: { ...stranger, kid: key.kid } })],
      ['an unknown key', () => send({ key: stranger })],
      ['another audience', () => send({ audience: 'https://evil.test/token' })],
      ['two audiences', () => send({ audience: [`${world.issuer()}/token`, 'https://evil.test/token'] })],
      ['another subject', () => send({ clientId: 'launcher' })],
      ['a long life', () => send({ lifetime: 3600 })],
      ['no life', () => send({ lifetime: -60 })],
      ['another type of token', () => send({ header: { typ: 'at+jwt' } })],
      ['a critical extension', () => send({ header: { crit: ['b64'], b64: true } })],
      ['no key id', () => send({ header: { kid: undefined } })],
      ['another kind of assertion', () => send({}, { client_assertion_type: 'urn:x' })],
    ])
    assert.equal((await send({})).status, 200, 'its `jti` was not used up')
  })

  test('of an authorization, whose handle can be redeemed afterwards', async () => {
    const browser = new Browser()
    const opened = await start(world, browser, await offer(world, { session: 'handle' }))
    const request = authorizing(world, opened.searchParams.get('launch') ?? '')
    const { origin, pathname, searchParams } = new URL(request.url)
    const form = Object.fromEntries(searchParams)
    // Without a handle the launch is a standalone one, which has a page of its own; `scope` may be
    // anything with one good word, and a longer challenge is another challenge.
    const wrong = spoiled(form).filter(
      ([name]) => !/^launch (?:missing|empty)$|^state longer$|^scope longer$|^code_challenge longer$/.test(name),
    )
    const posted = (body: string) =>
      browser.navigate(`${origin}${pathname}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost:4101' },
        body,
      })
    await leavesNothing(wrong.map(([name, body]) => [`POST ${name}`, () => posted(body)] as const))
    const short = wrong.filter(([name]) => !name.endsWith('too long'))
    await leavesNothing(
      short.map(([name, query]) => [`GET ${name}`, () => browser.navigate(`${origin}${pathname}?${query}`)] as const),
    )
    await leavesNothing([
      ['another browser', () => new Browser().navigate(request.url)],
      ['a prefetch', () => browser.navigate(request.url, { headers: { 'sec-purpose': 'prefetch' } })],
      ['HEAD', () => browser.navigate(request.url, { method: 'HEAD' })],
    ])
    const answer = await browser.navigate(request.url)
    assert.ok(new URL(answer.headers.get('location') ?? '').searchParams.has('code'))
  })

  test('of a start, which can be made afterwards', async () => {
    const { startUrl } = await offer(world, { session: 'start' })
    const post = (headers: Form) => new Browser().navigate(startUrl, { method: 'POST', headers })
    await leavesNothing([
      ['another site', () => post({ origin: 'https://evil.test' })],
      ['no site', () => post({ origin: 'null' })],
      ['by GET', () => new Browser().navigate(startUrl)],
      ['by HEAD', () => new Browser().navigate(startUrl, { method: 'HEAD' })],
      ['a prefetch', () => post({ origin: world.host.origin, 'sec-purpose': 'prefetch' })],
      ['a script', () => post({ origin: world.host.origin, 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' })],
      ['another start', () => new Browser().navigate(`${startUrl}x`, { method: 'POST' })],
      ['a check without a start', () => new Browser().navigate(`${world.issuer()}/start/${'a'.repeat(22)}/check`)],
    ])
    assert.equal((await submitStart(world, new Browser(), startUrl)).status, 303)
  })

  test('of an offer, an end or a registration', async () => {
    await launch(world, new Browser(), { session: 'standing', workspace: 'standing' })
    const token = { authorization: `Bearer ${await apiToken(world, 'host', '__launch')}` }
    // Three of them may be null, which says that there is none.
    const intents = Object.keys(INTENT).flatMap((name) =>
      [7, '', null, {}, ['a'], 'x'.repeat(5000)].map(
        (value) => [`${name} ${JSON.stringify(value).slice(0, 9)}`, { ...INTENT, [name]: value }] as const,
      ),
    )
    await leavesNothing([
      ...intents
        .filter(([name]) => !/^(?:patient|role|workspace) null$/.test(name))
        .map(([name, intent]) => [name, () => postJson('/launches', intent, token)] as const),
      ['an app of nobody', () => postJson('/launches', { ...INTENT, client_id: 'nobody' }, token)],
      ['a person of nobody', () => postJson('/launches', { ...INTENT, user: 'stf999' }, token)],
      ['nobody offers', () => postJson('/launches', INTENT)],
      ['nobody ends', () => postJson('/launches/end', { session: 'standing' })],
      ['two ends', () => postJson('/launches/end', { session: 'standing', workspace: 'standing' }, token)],
      ['no end', () => postJson('/launches/end', {}, token)],
    ])
    const metadata = { redirect_uris: ['http://localhost:9999/'], scope: 'launch', token_endpoint_auth_method: 'none' }
    await leavesNothing(
      [
        [],
        'text',
        { ...metadata, redirect_uris: ['http://evil.test/'] },
        { ...metadata, redirect_uris: [] },
        { ...metadata, scope: '__launch' },
        { ...metadata, jwks: { keys: [{}] } },
        { ...metadata, grant_types: ['password'] },
        { ...metadata, token_endpoint_auth_method: 'tls_client_auth' },
      ].map((wrong) => [JSON.stringify(wrong), () => postJson('/register', wrong)] as const),
    )
    assert.equal((await json(await callApi(world, '/launches/end', { session: 'standing' })))['ended'], 1)
  })

  test('of questions about tokens, and of their ends', async () => {
    const { tokens } = await launch(world, new Browser(), { session: 'status' })
    const token = String(tokens['access_token'])
    const other = await launch(world, new Browser(), { session: 'status-2', workspace: 'status-2' })
    const bearer = { authorization: `Bearer ${String(other.tokens['access_token'])}` }
    await leavesNothing([
      ['nobody asks', () => postForm(`${world.issuer()}/introspect`, { token })],
      [
        'a made-up bearer asks',
        () => postForm(`${world.issuer()}/introspect`, { token }, { authorization: 'Bearer x' }),
      ],
      ['two tokens', () => postRaw('/introspect', `token=${token}&token=${token}`, bearer)],
      ['no app ends it', () => postForm(`${world.issuer()}/revoke`, { token })],
      ['an app of nobody ends it', () => postForm(`${world.issuer()}/revoke`, { token, client_id: 'nobody' })],
    ])
    // RFC 7009 §2.2: a token that is none, or another client's, is answered as if it had been ended.
    const before = await everything()
    for (const form of [
      { token, client_id: 'nutrition' },
      { token: 'made-up', client_id: 'pacs-viewer' },
      { token: `${token}x`, client_id: 'pacs-viewer' },
    ])
      assert.equal((await postForm(`${world.issuer()}/revoke`, form)).status, 200)
    assert.deepEqual(await everything(), before)
  })

  test('of forms: an interaction stays where it was, and nobody is signed in', async () => {
    const browser = new Browser()
    const { address } = await openPage(browser, standalone(world, { prompt: 'consent' }).url)
    const right = { username: 'stf101', password: PASSWORD }
    await leavesNothing([
      ['a wrong password', () => submit(browser, address, { ...right, password: 'x' })],
      ['another site', () => submit(browser, address, right, { origin: 'https://evil.test' })],
      ['another browser', () => submit(new Browser(), address, right)],
      ['an answer before a question', () => submit(browser, address, { decision: 'allow', scope: 'openid' })],
      ['a patient before a person', () => submit(browser, address, { patient: 'cdp1001' })],
      ['no form', () => browser.navigate(address, { method: 'POST', body: '{}' })],
      ['apps of another site', () => submit(browser, `${world.issuer()}/apps`, right, { origin: 'https://evil.test' })],
      ['apps, a wrong password', () => submit(browser, `${world.issuer()}/apps`, { ...right, password: 'x' })],
    ])
    assert.equal((await submit(browser, address, right)).status, 303)
  })

  test('of records, questions and readings that are none', async () => {
    const [writer, asker] = [
      { authorization: `Bearer ${await apiToken(world, 'host', '__audit.write')}` },
      { authorization: `Bearer ${await apiToken(world, 'host', '__pdp.evaluate')}` },
    ]
    await leavesNothing([
      ['no records', () => postJson('/audit/records', { records: [] }, writer)],
      ['no record', () => postJson('/audit/records', { records: [{}] }, writer)],
      ['nobody’s records', () => postJson('/audit/records', { records: [] })],
      ['no question', () => postJson('/pdp/access/v1/evaluation', {}, asker)],
      ['nobody’s question', () => postJson('/pdp/access/v1/evaluation', {})],
      ['nobody reads', () => fetch(`${world.issuer()}/audit/patient/cdp1001`)],
      ['nobody explains', () => fetch(`${world.issuer()}/explain/${'a'.repeat(32)}`)],
    ])
  })
})
