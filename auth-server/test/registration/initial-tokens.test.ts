import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openDatabase } from '@uthopp/storage/open'
import { sql } from '@uthopp/storage/sql'
import { tenantOf } from '@uthopp/storage/tenant'
import { generateSigningKey, publicJwks } from '@uthopp/server-kit/keys'
import { applyDeployment } from '#src/clients/deployment-clients.ts'
import { secretHash } from '#src/launch/secrets.ts'
import { type InitialToken, nameOfInitialToken } from '#src/storage/initial-tokens.ts'
import { createInitialTokens } from '#src/storage/sql-initial-tokens.ts'
import { createClientStore } from '#src/storage/sql-clients.ts'
import { logged } from '#test/audit/support.ts'
import { callApi, json, startWorld, type World } from '#test/support/world.ts'
import { INTENT } from '#test/support/launch.ts'
import { assertNowhere } from '#test/support/nowhere.ts'
import { AHUS, OUS } from '#test/support/stub-host.ts'

const APP = {
  client_name: 'A vendor’s app',
  redirect_uris: ['https://app.example/'],
  launch_uris: ['https://app.example/launch'],
  scope: 'launch openid fhirUser patient/Patient.r',
  token_endpoint_auth_method: 'none',
}

/** A bound that bounds no app of this file. */
const EVERYTHING = 'launch openid fhirUser online_access patient/*.cruds system/*.rs'

describe('registration in production (RFC 7591 §3)', () => {
  let world: World
  before(async () => {
    world = await startWorld({ world: 'production' })
  })
  after(() => world.close())

  let given = 0
  const give = async (changes: Partial<InitialToken> = {}): Promise<string> => {
    given += 1
    const token = `token-${given}`
    const expiresAt = new Date(Date.now() + 60_000)
    const fresh = { zone: 'external', approved: false, scope: EVERYTHING, uses: 1, expiresAt } as const
    const tokens = createInitialTokens(world.db, tenantOf(OUS))
    await tokens.add({ ...fresh, ...changes, tokenHash: secretHash(token) })
    return token
  }
  const register = (token: string | undefined, changes: object = {}, orgnr = OUS) =>
    fetch(`${world.issuer(orgnr)}/register`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ ...APP, ...changes }),
    })

  test('takes one app for one token, outside the trust’s zone and approved for nothing unless the trust said so', async () => {
    const token = await give()
    const answer = await register(token)
    assert.equal(answer.status, 201)
    const body = await json(answer)
    assert.deepEqual([body['zone'], body['approval']], ['external', 'none'])
    const offered = await callApi(world, '/launches', { ...INTENT, client_id: body['client_id'] })
    assert.equal((await json(offered))['error'], 'unauthorized_client')
    assert.equal((await register(token)).status, 401, 'a token is for as many apps as it was given for')
  })

  test('keeps what the trust decided when it gave the token, for apps and for services, also when it starts anew', async () => {
    const app = await json(await register(await give({ zone: 'internal', approved: true })))
    assert.deepEqual([app['zone'], app['approval']], ['internal', 'trust'])
    const service = {
      redirect_uris: undefined,
      launch_uris: undefined,
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      scope: 'system/Patient.rs',
      jwks: publicJwks([await generateSigningKey('ES256')]),
    }
    const approved = await json(await register(await give({ approved: true }), service))
    assert.equal(approved['approval'], 'trust')
    const unapproved = await json(await register(await give(), service))
    assert.equal(unapproved['approval'], 'none')
    const clients = createClientStore(world.db, tenantOf(OUS))
    const origin = world.host.origin
    const addresses = { auth: world.auth, host: origin, launcher: origin, gateway: origin }
    const deployment = { world: 'production', addresses, hostOrigins: [origin], trusts: [], apps: [] } as const
    await applyDeployment(clients, deployment, OUS, new Date())
    assert.equal((await clients.find(String(app['client_id'])))?.approval, 'trust')
    assert.equal(await clients.find('pacs-viewer'), undefined, 'an app of the deployment goes with it')
  })

  test('refuses no token, an unknown, expired or other trust’s one, and another kind of token: 401 invalid_token', async () => {
    const expired = await give({ expiresAt: new Date(Date.now() - 1) })
    for (const [token, orgnr] of [
      [undefined, OUS],
      ['unknown', OUS],
      [expired, OUS],
      [await give(), AHUS],
      ['x.y.z', OUS],
      ['a'.repeat(5000), OUS],
    ] as const) {
      const answer = await register(token, {}, orgnr)
      assert.equal(answer.status, 401, token)
      assert.equal((await json(answer))['error'], 'invalid_token')
      assert.match(
        answer.headers.get('www-authenticate') ?? '',
        token === undefined ? /^Bearer$/ : /error="invalid_token"/,
      )
    }
  })

  test('spends nothing on metadata that cannot be registered, and nobody frees themselves of PKCE with it', async () => {
    const token = await give()
    for (const wrong of [{ redirect_uris: [] }, { redirect_uris: ['http://localhost:1/'] }, { smart_level: '1.0' }])
      assert.equal((await register(token, wrong)).status, 400)
    assert.equal((await register(token)).status, 201)
  })

  test('bounds what is registered by what the trust gave the token for', async () => {
    const token = await give({ approved: true, scope: 'launch patient/Observation.rs system/*.rs' })
    const asked = 'launch offline_access patient/*.rs patient/Observation.cruds'
    const body = await json(await register(token, { scope: asked }))
    assert.deepEqual([body['scope'], body['approval']], ['launch patient/Observation.rs', 'trust'])
    const refused = await register(await give({ approved: true, scope: 'launch' }), { scope: 'patient/Patient.r' })
    assert.deepEqual([refused.status, (await json(refused))['error']], [400, 'invalid_client_metadata'])
  })

  test('is closed to nobody by strangers, who wait by address and for themselves', async () => {
    const few = await startWorld({ world: 'production', limits: { registrationsPerMinuteOfAddress: 5 } })
    try {
      const post = (token?: string) =>
        fetch(`${few.issuer()}/register`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
          body: JSON.stringify(APP),
        })
      const strangers: number[] = []
      for (let time = 0; time < 8; time += 1) strangers.push((await post(time % 2 ? 'guessed' : undefined)).status)
      assert.deepEqual(strangers, [401, 401, 401, 401, 401, 429, 429, 429])
      const expiresAt = new Date(Date.now() + 60_000)
      const good = { zone: 'external', approved: false, scope: null, uses: 7, expiresAt } as const
      const tokens = createInitialTokens(few.db, tenantOf(OUS))
      await tokens.add({ ...good, tokenHash: secretHash('good') })
      const holder: number[] = []
      for (let time = 0; time < 6; time += 1) holder.push((await post('good')).status)
      assert.deepEqual(holder, [201, 201, 201, 201, 201, 429], 'whoever was let in has a bound of their own')
    } finally {
      await few.close()
    }
  })

  test('tells in the access log by which token an app came, and what it came to be', async () => {
    const token = await give({ zone: 'internal', approved: true })
    const { client_id: clientId } = await json(await register(token))
    const records = await logged(world, (all) => all.some((record) => record.clientId === clientId))
    const told = records.find((record) => record.clientId === clientId)
    assert.deepEqual(
      [told?.activity, told?.detail['initialToken'], told?.detail['approval'], told?.detail['zone']],
      ['registration-changed', nameOfInitialToken(secretHash(token)), 'trust', 'internal'],
    )
  })

  test('tells neither its log nor its database the token', async () => {
    const token = await give()
    const { registration_access_token: management } = await json(await register(token))
    await assertNowhere(world, { token, 'management token': management })
  })
})

describe('an operator’s `registration-token`', () => {
  const data = mkdtempSync(join(tmpdir(), 'uthopp-tokens-'))
  const deployment = join(data, 'deployment.json')
  before(() => {
    const origin = (port: number) => `http://localhost:${port}`
    const addresses = { auth: origin(4400), host: origin(4300), launcher: origin(4200), gateway: origin(4500) }
    const trusts = [{ orgnr: OUS, name: 'Oslo universitetssykehus HF', shortName: 'OUS' }]
    writeFileSync(deployment, JSON.stringify({ world: 'demo', addresses, trusts, apps: [] }))
  })
  after(() => rmSync(data, { recursive: true, force: true }))

  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    spawnSync(process.execPath, [join(import.meta.dirname, '../../src/registration-token.ts'), ...args], {
      env: { PATH: process.env['PATH'], UTHOPP_DEPLOYMENT: deployment, UTHOPP_DATA: data, ...env },
      encoding: 'utf8',
    })

  test('prints one token, alone on standard output, that is good for what was asked', async () => {
    const scope = 'launch patient/Patient.r'
    const words = ['--trust', OUS, '--uses', '2', '--zone', 'internal', '--approve', '--scope', scope]
    const { stdout, stderr, status } = run(words)
    assert.equal(status, 0, stderr)
    assert.match(
      stderr,
      new RegExp(`^http://localhost:4400/${OUS}/register: \\S{12}, 2 apps, internal, approved, for at most `),
    )
    const db = await openDatabase({ name: 'auth', storage: 'disk', data, databaseUrl: undefined })
    const spent = await createInitialTokens(db, tenantOf(OUS)).spend(secretHash(stdout.trim()), new Date())
    await db.close()
    assert.deepEqual(spent, { zone: 'internal', approved: true, scope })
  })

  test('lists what is good by names that open nothing, withdraws by them, and has all of it in the access log', async () => {
    const token = run(['--trust', OUS, '--days', '3']).stdout.trim()
    const name = nameOfInitialToken(secretHash(token))
    const listed = run(['--trust', OUS, '--list']).stdout
    assert.match(listed, new RegExp(`^${name}, 1 app, external, not approved for launches, until `, 'm'))
    assert.ok(!listed.includes(token))
    assert.equal(run(['--trust', OUS, '--withdraw', token]).status, 78, 'a token is not its name')
    const withdrawn = run(['--trust', OUS, '--withdraw', name])
    assert.deepEqual([withdrawn.status, withdrawn.stderr], [0, `${name}: withdrawn\n`])
    assert.doesNotMatch(run(['--trust', OUS, '--list']).stdout, new RegExp(`^${name}`, 'm'))
    assert.match(run(['--trust', OUS, '--withdraw', name]).stderr, /is no token of this trust\n$/)
    const db = await openDatabase({ name: 'auth', storage: 'disk', data, databaseUrl: undefined })
    assert.equal(await createInitialTokens(db, tenantOf(OUS)).find(secretHash(token), new Date()), undefined)
    const told = JSON.stringify(await db.acrossTenants.all(sql`select * from audit_outbox`))
    await db.close()
    assert.ok(told.includes('initial-token-given') && told.includes('initial-token-withdrawn') && told.includes(name))
    assert.ok(!told.includes(token))
  })

  test('refuses, in a line, what it does not understand, a trust that is not here, and memory', () => {
    for (const [args, line] of [
      [[], /^registration-token: usage: /],
      [['--trust', OUS, '--for-ever'], /^registration-token: usage: /],
      [['--trust', AHUS], /is no trust of this deployment\n$/],
      [['--trust', OUS, '--days', '0'], /--days: `0` is not a number from 1 to 90\n$/],
      [['--trust', OUS, '--uses', 'many'], /--uses: `many` is not a number/],
      [['--trust', OUS, '--zone', 'moon'], /--zone: `moon` is neither/],
      [['--trust', OUS, '--approve'], /--approve: needs --scope/],
      [['--trust', OUS, '--approve', '--scope', 'patient/Patient'], /--scope: `patient\/Patient` is not a scope/],
      [['--trust', OUS, '--scope', ' '], /--scope: ` ` is not a scope/],
      [['--trust', OUS, '--list', '--withdraw', 'x'], /^registration-token: usage: /],
    ] as const) {
      const { stdout, stderr, status } = run(args)
      assert.deepEqual([status, stdout], [78, ''], args.join(' '))
      assert.match(stderr, line)
    }
    assert.match(
      run(['--trust', OUS], { UTHOPP_STORAGE: 'memory' }).stderr,
      /tokens in memory belong to the running server/,
    )
  })
})
