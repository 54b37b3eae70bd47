import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { AuditRecord } from '@uthopp/audit/record'
import { tenantOf } from '@uthopp/storage/tenant'
import { generateSigningKey, publicJwks, type SigningKey } from '@uthopp/server-kit/keys'
import type { Client } from '#src/clients/client.ts'
import { secretHash } from '#src/launch/secrets.ts'
import { afterChange } from '#src/registration/widened.ts'
import { createInitialTokens } from '#src/storage/sql-initial-tokens.ts'
import { createClientStore } from '#src/storage/sql-clients.ts'
import { createRegistrations } from '#src/storage/sql-registrations.ts'
import { logged } from '#test/audit/support.ts'
import { Browser } from '#test/support/browser.ts'
import { authorizing, INTENT, locationOf, start } from '#test/support/launch.ts'
import { OUS } from '#test/support/stub-host.ts'
import { ASSERTION_TYPE, callApi, json, postForm, signAssertion, startWorld, type World } from '#test/support/world.ts'

const APP = {
  client_name: 'A vendor’s app',
  redirect_uris: ['https://app.example/', 'https://app.example/other'],
  launch_uris: ['https://app.example/launch'],
  scope: 'launch openid patient/Patient.rs patient/Observation.rs',
  token_endpoint_auth_method: 'none',
}

const MOST = 'launch openid fhirUser offline_access patient/*.cruds user/*.cruds system/*.rs'

/** Whoever holds a management token can only make less of what the trust approved. */
describe('a trust’s approval of an app that changes itself (RFC 7592)', () => {
  let world: World
  let key: SigningKey
  before(async () => {
    world = await startWorld({ world: 'production' })
    key = await generateSigningKey('ES256')
  })
  after(() => world.close())

  let given = 0
  async function register(metadata: Readonly<Record<string, unknown>>, ceiling = MOST) {
    given += 1
    const token = `widening-${given}`
    const expiresAt = new Date(Date.now() + 60_000)
    const decided = { zone: 'internal', approved: true, scope: ceiling, uses: 1, expiresAt } as const
    await createInitialTokens(world.db, tenantOf(OUS)).add({ ...decided, tokenHash: secretHash(token) })
    const body = await send('POST', `${world.issuer()}/register`, token, metadata)
    assert.deepEqual([body['approval'], body['zone']], ['trust', 'internal'])
    const { client_id: clientId, registration_client_uri: uri, registration_access_token: management } = body
    return {
      clientId: String(clientId),
      change: (changes: object) =>
        send('PUT', String(uri), String(management), { ...metadata, client_id: clientId, ...changes }),
    }
  }
  async function send(method: string, url: string, token: string, body: unknown) {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const answer = await fetch(url, { method, headers, body: JSON.stringify(body) })
    assert.ok(answer.ok, String(answer.status))
    return json(answer)
  }
  const offered = async (clientId: string) => callApi(world, '/launches', { ...INTENT, client_id: clientId })
  const tokenFor = async (clientId: string, scope: string, by: SigningKey) =>
    json(
      await postForm(`${world.issuer()}/token`, {
        grant_type: 'client_credentials',
        scope,
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: await signAssertion({ clientId, audience: `${world.issuer()}/token`, key: by }),
      }),
    )

  for (const [what, changes] of [
    ['another name', { client_name: 'Helse Sør-Øst innlogging' }],
    ['scopes', { scope: `${APP.scope} patient/Condition.rs` }],
    ['letters', { scope: 'launch openid patient/Patient.rus patient/Observation.rs' }],
    ['a whole type', { scope: 'launch openid patient/*.rs' }],
    ['another level', { scope: 'launch openid user/Patient.rs' }],
    ['a redirect address', { redirect_uris: [...APP.redirect_uris, 'https://evil.example/'] }],
    ['its launch address', { launch_uris: ['https://evil.example/launch'] }],
    ['the way it proves itself', { token_endpoint_auth_method: 'client_secret_basic' }],
    ['a longer life', { grant_types: ['authorization_code', 'refresh_token'] }],
  ] as const)
    test(`ends when it takes ${what}: no launch is offered any more, and it stands outside the trust`, async () => {
      const { clientId, change } = await register(APP)
      assert.equal((await offered(clientId)).status, 201)
      const body = await change(changes)
      assert.deepEqual([body['approval'], body['zone']], ['none', 'external'])
      const refused = await offered(clientId)
      assert.deepEqual([refused.status, (await json(refused))['error']], [403, 'unauthorized_client'])
      const back = await change({})
      assert.equal(back['approval'], 'none', 'nobody gets it back by changing back')
    })

  test('stays with an app that makes itself smaller or sends the same again', async () => {
    const { clientId, change } = await register(APP)
    for (const changes of [
      {},
      { access_token_format: 'opaque' },
      { scope: 'launch patient/Observation.r', redirect_uris: ['https://app.example/'] },
    ]) {
      const body = await change(changes)
      assert.deepEqual([body['approval'], body['zone']], ['trust', 'internal'])
    }
    assert.equal((await offered(clientId)).status, 201)
  })

  test('ends with everything it gave when the app goes by another name: it asks people again, too', async () => {
    const { clientId, change } = await register(APP)
    const clients = createClientStore(world.db, tenantOf(OUS))
    const approved = await clients.find(clientId)
    assert.ok(approved)
    await createRegistrations(world.db, tenantOf(OUS)).replace({ ...approved, skipConsent: true }, new Date())
    await change({ client_name: 'Helse Sør-Øst innlogging' })
    const renamed = await clients.find(clientId)
    assert.equal(renamed?.name, 'Helse Sør-Øst innlogging')
    assert.deepEqual([renamed.skipConsent, renamed.approval, renamed.zone], [undefined, 'none', 'external'])
  })

  test('is bounded for ever by what the initial token was given for, whatever the app asks later', async () => {
    const ceiling = 'launch openid patient/Patient.rs patient/Observation.rs'
    const { clientId, change } = await register(APP, ceiling)
    const wider = await change({ scope: 'launch openid patient/*.cruds user/Patient.rs' })
    assert.equal(wider['scope'], ceiling)
    assert.equal((await offered(clientId)).status, 201, 'nothing came of it, so nothing is lost')
    await assert.rejects(change({ scope: 'user/*.rs' }), /400/)
    const smaller = await change({ scope: 'launch patient/Observation.r' })
    assert.equal(smaller['scope'], 'launch patient/Observation.r')
    assert.equal((await change({}))['approval'], 'none', 'what it gave up it takes back as something new')
  })

  test('of a backend service ends with wider scopes and with other keys: no token of either kind', async () => {
    const service = {
      client_name: 'A service',
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      scope: 'system/Location.rs',
      jwks: publicJwks([key]),
    }
    const wider = await register(service)
    assert.equal((await tokenFor(wider.clientId, 'system/Location.rs', key))['scope'], 'system/Location.rs')
    assert.equal((await wider.change({ scope: 'system/*.rs' }))['approval'], 'none')
    for (const scope of ['system/*.rs', 'system/Location.rs'])
      assert.equal((await tokenFor(wider.clientId, scope, key))['access_token'], undefined)

    const stolen = await register(service)
    const thief = await generateSigningKey('ES256')
    assert.equal((await stolen.change({ jwks: publicJwks([thief]) }))['approval'], 'none')
    assert.equal((await tokenFor(stolen.clientId, 'system/Location.rs', thief))['access_token'], undefined)
    const address = await register(service)
    const moved = { jwks: undefined, jwks_uri: 'https://evil.example/jwks.json' }
    assert.equal((await address.change(moved))['approval'], 'none')

    const smaller = await register(service)
    assert.equal((await smaller.change({ scope: 'system/Location.r' }))['approval'], 'trust')
    assert.equal((await tokenFor(smaller.clientId, 'system/Location.r', key))['scope'], 'system/Location.r')
  })

  test('is told to the access log when it is lost, and for what', async () => {
    const { clientId, change } = await register(APP)
    await change({ launch_uris: ['https://evil.example/launch'] })
    const isOurs = ({ detail, clientId: about }: AuditRecord) =>
      about === clientId && detail['rule'] === 'approval-lost-addresses'
    const records = await logged(world, (all) => all.some(isOurs))
    assert.equal(records.find(isOurs)?.activity, 'registration-changed')
    await change({ launch_uris: ['https://evil.example/another'] })
    const isLater = ({ detail, clientId: about }: AuditRecord) =>
      about === clientId && detail['rule'] === 'widened-addresses'
    assert.ok(
      (await logged(world, (all) => all.some(isLater))).some(isLater),
      'with nothing left to lose it is told too',
    )
  })

  test('is needed when a launch that was offered is authorized, too', async () => {
    const { clientId } = await register(APP)
    const body = await json(await offered(clientId))
    const browser = new Browser()
    const offer = { launch: '', launchUrl: '', startUrl: String(body['start_url']) }
    const opened = await start(world, browser, offer)
    const clients = createClientStore(world.db, tenantOf(OUS))
    const client = await clients.find(clientId)
    assert.ok(client)
    await clients.put({ ...client, approval: 'none' })
    const request = authorizing(world, opened.searchParams.get('launch') ?? '', {
      client_id: clientId,
      redirect_uri: 'https://app.example/',
      scope: 'launch patient/Patient.r',
    })
    const redirect = locationOf(await browser.navigate(request.url))
    assert.deepEqual([redirect.searchParams.get('error'), redirect.searchParams.has('code')], ['access_denied', false])
  })
})

test('what the demo world gives anybody an app keeps under any name, but not what the trust gave it beside', () => {
  const app: Client = {
    clientId: 'app-1',
    name: 'A vendor’s app',
    redirectUris: ['https://app.example/'],
    launchUris: [],
    grantTypes: ['authorization_code'],
    authentication: { method: 'none' },
    scope: 'launch patient/Patient.r',
    idTokenAlg: 'RS256',
    zone: 'internal',
    approval: 'demo-automatic',
    host: undefined,
  }
  const renamed = (before: Client) => afterChange('demo', before, { ...before, name: 'Another' })
  assert.deepEqual(renamed(app), { client: { ...app, name: 'Another' }, widened: 'name', isLost: false })
  assert.deepEqual(renamed({ ...app, skipConsent: true }), {
    client: { ...app, name: 'Another' },
    widened: 'name',
    isLost: true,
  })
  assert.deepEqual(renamed({ ...app, mayWrite: false }).client.mayWrite, false)
  assert.deepEqual(afterChange('demo', { ...app, skipConsent: true }, { ...app, skipConsent: true }).isLost, false)
})
