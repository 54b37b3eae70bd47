import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { generateSigningKey } from '@uthopp/server-kit/keys'
import { tenantOf } from '@uthopp/storage/tenant'
import { createClientStore } from '#src/storage/sql-clients.ts'
import { createOidcRows } from '#src/storage/sql-oidc-rows.ts'
import { exchange, launch, refresh } from '#test/support/launch.ts'
import { AHUS, OUS } from '#test/support/stub-host.ts'
import {
  ASSERTION_TYPE,
  callApi,
  hostToken,
  json,
  postForm,
  signAssertion,
  startWorld,
  type World,
} from '#test/support/world.ts'
import { Browser } from '#test/support/browser.ts'
import { type Line, openStream } from './stream-reader.ts'

/** contracts §5 gives five seconds for the whole way to the gateway. */
const SOON_MS = 5000

type Ask = { readonly orgnr?: string; readonly as?: string; readonly form?: Readonly<Record<string, string>> }

describe('the revocation stream', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  async function askToken({ orgnr = OUS, as = 'gateway', form = {} }: Ask = {}): Promise<Response> {
    const issuer = world.issuer(orgnr)
    const key = as === 'host' ? world.host.key : world.gateway.key
    return postForm(`${issuer}/token`, {
      grant_type: 'client_credentials',
      scope: '__revocations',
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: await signAssertion({ clientId: as, audience: `${issuer}/token`, key }),
      ...form,
    })
  }
  const streamToken = async (ask: Ask = {}) => String((await json(await askToken(ask)))['access_token'])
  const open = async (after?: string, orgnr = OUS) =>
    openStream(world.issuer(orgnr), await streamToken({ orgnr }), after)
  const isBeat = ({ kind }: Line): boolean => kind === 'heartbeat'
  const isGrant = (id: unknown) => (line: Line) => line.kind === 'grant' && line.id === id
  const grantOf = (tokens: Readonly<Record<string, unknown>>): unknown => {
    const [, body = ''] = String(tokens['access_token']).split('.')
    return (JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>)['grant_id'] // our own token
  }

  test('begins with what is known and beats every second, whether anything dies or not', async () => {
    const stream = await open()
    const first = await stream.until(isBeat, SOON_MS)
    assert.match(first.sequence, /^[\w-]+\.\d+$/)
    await stream.until(isBeat, SOON_MS)
    stream.close()
  })

  test('tells within a second what sign-out, replay, reuse and revocation kill', async () => {
    const stream = await open()
    await stream.until(isBeat, SOON_MS)
    // A second is told by the stream's own beats, which are as slow as the machine is.
    const dies = async (tokens: Readonly<Record<string, unknown>>) => {
      const from = stream.lines.length
      const told = await stream.until(isGrant(grantOf(tokens)), SOON_MS)
      assert.ok(stream.lines.slice(from, stream.lines.indexOf(told)).filter(isBeat).length <= 1)
    }

    const ended = await launch(world, new Browser(), { session: 'session-of-this-test' })
    await callApi(world, '/launches/end', { session: 'session-of-this-test' })
    await dies(ended.tokens)
    assert.ok(stream.lines.some(({ kind }) => kind === 'launch'))

    const replayed = await launch(world)
    assert.equal((await exchange(world, replayed.request, replayed.code)).status, 400)
    await dies(replayed.tokens)

    const reused = await launch(world)
    assert.equal((await refresh(world, reused.tokens['refresh_token'])).status, 200)
    assert.equal((await refresh(world, reused.tokens['refresh_token'])).status, 400)
    await dies(reused.tokens)

    for (const kind of ['access_token', 'refresh_token']) {
      const { tokens } = await launch(world)
      const form = { token: String(tokens[kind]), client_id: 'pacs-viewer' }
      assert.equal((await postForm(`${world.issuer()}/revoke`, form)).status, 200)
      await dies(tokens)
    }
    stream.close()
  })

  test('a token that was never issued kills nothing', async () => {
    const stream = await open()
    await stream.until(isBeat, SOON_MS)
    const quiet = stream.lines.length
    assert.equal((await refresh(world, 'invented')).status, 400)
    const revocation = { token: 'invented', client_id: 'pacs-viewer' }
    assert.equal((await postForm(`${world.issuer()}/revoke`, revocation)).status, 200)
    await stream.until(isBeat, SOON_MS)
    assert.ok(stream.lines.slice(quiet).every(({ kind }) => kind === 'heartbeat'))
    stream.close()
  })

  test('whoever comes later, or comes back, misses nothing: everything kept, or everything after a sequence', async () => {
    const tenant = tenantOf(AHUS)
    const rows = createOidcRows(world.db, tenant)
    await rows.destroyByGrant('before', new Date())
    const stream = await open(undefined, AHUS)
    const { sequence } = await stream.until(isGrant('before'), SOON_MS)
    stream.close()
    await rows.destroyByGrant('meanwhile', new Date())
    const again = await open(sequence, AHUS)
    await again.until(isBeat, SOON_MS)
    assert.deepEqual(
      again.lines.filter(({ kind }) => kind !== 'heartbeat').map(({ id }) => id),
      ['meanwhile'],
    )
    again.close()
    const stranger = await open('another-epoch.1', AHUS)
    await stranger.until(isBeat, SOON_MS)
    assert.deepEqual(
      stranger.lines.filter(({ kind }) => kind !== 'heartbeat').map(({ id }) => id),
      ['before', 'meanwhile'],
    )
    stranger.close()
    for (const wrong of ['x', '-1', 'e.1e9', `e.${'9'.repeat(30)}`, "e.1'--", '']) {
      const answer = await ask(await streamToken({ orgnr: AHUS }), AHUS, `?after=${encodeURIComponent(wrong)}`)
      assert.equal(answer.status, 400, wrong)
    }
    assert.equal((await ask(await streamToken({ orgnr: AHUS }), AHUS, '?after=e.1&after=e.2')).status, 400)
  })

  test('what dies between the snapshot and the stream is told once', async () => {
    const rows = createOidcRows(world.db, tenantOf(OUS))
    const token = await streamToken()
    const names = Array.from({ length: 60 }, (_, index) => `racing-${index}`)
    const dying = (async () => {
      for (const name of names) await rows.destroyByGrant(name, new Date())
    })()
    const stream = await openStream(world.issuer(), token)
    await dying
    await stream.until(isGrant(names.at(-1)), SOON_MS)
    const told = stream.lines.map(({ id }) => id).filter((id) => names.some((name) => name === id))
    assert.deepEqual(told, names)
    stream.close()
  })

  test('ends when the reader’s token does, and when the process stops', async () => {
    const other = await startWorld()
    const key = other.gateway.key
    const issuer = other.issuer()
    const answer = await postForm(`${issuer}/token`, {
      grant_type: 'client_credentials',
      scope: '__revocations',
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: await signAssertion({ clientId: 'gateway', audience: `${issuer}/token`, key }),
    })
    const token = String((await json(answer))['access_token'])
    const stream = await openStream(issuer, token)
    await stream.until(isBeat, SOON_MS)
    other.clock.aheadMs = 301_000
    await stream.ended(SOON_MS)
    other.clock.aheadMs = 0
    const second = await openStream(issuer, token)
    await second.until(isBeat, SOON_MS)
    const before = performance.now()
    await Promise.all([other.close(), second.ended(SOON_MS)])
    assert.ok(performance.now() - before < 4000, 'nobody waits for a reader who never leaves')
  })

  test('opens for nobody but the gateway, by its own key and at the trust that gave the token', async () => {
    const refused = async (token: string, status: number) => {
      const answer = await ask(token)
      assert.equal(answer.status, status)
      assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/)
    }
    assert.equal((await fetch(`${world.issuer()}/revocations`)).status, 401)
    await refused('nonsense', 401)
    await refused(await hostToken(world), 401)
    await refused(await streamToken({ orgnr: AHUS }), 401)
    await refused(String((await launch(world)).tokens['access_token']), 401)
    const [head, body] = (await streamToken()).split('.')
    await refused(`${head}.${body}.AAAA`, 401)
    await refused(`${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${body}.`, 401)
  })

  test('a token for it is given to no other client, for no other scope, and opens nothing else', async () => {
    assert.equal((await askToken({ as: 'host' })).status, 400)
    const forged = await generateSigningKey('ES256')
    const audience = `${world.issuer()}/token`
    const assertion = await signAssertion({ clientId: 'gateway', audience, key: forged })
    assert.equal((await askToken({ form: { client_assertion: assertion } })).status, 401)
    assert.equal((await askToken({ form: { scope: '__launch' } })).status, 400)
    assert.equal((await askToken({ form: { scope: 'system/*.rs' } })).status, 400)
    assert.equal((await askToken({ form: { resource: `${world.issuer()}/launches` } })).status, 400)
    assert.equal((await askToken({ form: { resource: `${world.issuer(AHUS)}/revocations` } })).status, 400)
    const token = await streamToken()
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const offer = await fetch(`${world.issuer()}/launches`, { method: 'POST', headers, body: '{}' })
    assert.equal(offer.status, 401)
  })

  test('a client that is gone, or no longer registered for it, is not let in with an old token', async () => {
    const other = await startWorld()
    const issuer = other.issuer()
    const answer = await postForm(`${issuer}/token`, {
      grant_type: 'client_credentials',
      scope: '__revocations',
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: await signAssertion({
        clientId: 'gateway',
        audience: `${issuer}/token`,
        key: other.gateway.key,
      }),
    })
    const token = String((await json(answer))['access_token'])
    await createClientStore(other.db, tenantOf(OUS)).remove('gateway', new Date())
    const late = await fetch(`${issuer}/revocations`, { headers: { authorization: `Bearer ${token}` } })
    await late.body?.cancel()
    await other.close()
    assert.equal(late.status, 401)
  })

  test('nothing of it reaches the log', () => {
    assert.doesNotMatch(world.lines.join('\n'), /eyJ|answer-broken-off|racing-/)
    assert.ok(world.lines.some((line) => line.includes('/:orgnr/revocations')))
  })

  const ask = (token: string, orgnr = OUS, query = ''): Promise<Response> =>
    fetch(`${world.issuer(orgnr)}/revocations${query}`, { headers: { authorization: `Bearer ${token}` } })
})
