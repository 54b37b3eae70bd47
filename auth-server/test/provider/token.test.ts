import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, mock, test } from 'node:test'
import { Browser } from '#test/support/browser.ts'
import { authorize, exchange, launch, refresh } from '#test/support/launch.ts'
import { AHUS } from '#test/support/stub-host.ts'
import { json, postForm, startWorld, type World } from '#test/support/world.ts'

describe('the token endpoint', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  const codeOf = async () => {
    const authorized = await authorize(world, new Browser())
    return { request: authorized.request, code: authorized.redirect.searchParams.get('code') ?? '' }
  }
  const fails = async (answer: Response, error: string, status = 400) => {
    const body = await json(answer)
    assert.deepEqual({ status: answer.status, error: body['error'] }, { status, error }, JSON.stringify(body))
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    assert.equal(answer.headers.get('pragma'), 'no-cache')
  }

  test('of a code replayed eight times in parallel answers exactly one 200, and the grant dies (SAL-67)', async () => {
    const { request, code } = await codeOf()
    const answers = await Promise.all(Array.from({ length: 8 }, () => exchange(world, request, code)))
    const won = answers.filter((answer) => answer.status === 200)
    assert.equal(won.length, 1)
    const bodies = await Promise.all(answers.filter((answer) => answer.status !== 200).map(json))
    assert.deepEqual(new Set(bodies.map((body) => body['error'])), new Set(['invalid_grant']))
    const [winner] = won
    assert.ok(winner)
    await fails(await refresh(world, (await json(winner))['refresh_token']), 'invalid_grant')
  })

  test('of a code replayed later kills what the first use issued (SAL-67)', async () => {
    const { request, code, tokens } = await launch(world)
    await fails(await exchange(world, request, code), 'invalid_grant')
    await fails(await refresh(world, tokens['refresh_token']), 'invalid_grant')
  })

  test('refuses a wrong, missing, blank or plain verifier, and the code still works for who has it (SAL-72, SAL-73, SAL-74)', async () => {
    const { request, code } = await codeOf()
    const challenge = createHash('sha256').update(request.verifier).digest('base64url')
    for (const verifier of ['x'.repeat(43), undefined, challenge])
      await fails(await exchange(world, request, code, { code_verifier: verifier }), 'invalid_grant')
    assert.ok([400].includes((await exchange(world, request, code, { code_verifier: '' })).status))
    assert.equal((await exchange(world, request, code)).status, 200)
  })

  test('refuses a code without its redirect address, or for another resource, and spends nothing (RFC 6749 §4.1.3)', async () => {
    const { request, code } = await codeOf()
    await fails(await exchange(world, request, code, { redirect_uri: undefined }), 'invalid_request')
    for (const resource of [world.fhirBase(AHUS), `${world.issuer()}/launches`, 'https://evil.test/'])
      await fails(await exchange(world, request, code, { resource }), 'invalid_target')
    const tokens = await json(await exchange(world, request, code, { resource: world.fhirBase() }))
    await fails(
      await refresh(world, tokens['refresh_token'], { resource: world.fhirBase(AHUS), client_id: request.clientId }),
      'invalid_target',
    )
    assert.equal((await refresh(world, tokens['refresh_token'])).status, 200)
  })

  test('says no-cache also to a body it does not read, and its methods to who asks', async () => {
    const answer = await postForm(`${world.issuer()}/token`, { grant_type: 'x'.repeat(70_000) })
    assert.equal(answer.status, 413)
    assert.equal(answer.headers.get('pragma'), 'no-cache')
    const options = await fetch(`${world.issuer()}/token`, { method: 'OPTIONS' })
    assert.deepEqual([options.status, options.headers.get('allow')], [204, 'OPTIONS, POST'])
  })

  test('refuses the code of another client, with another redirect address, or at the other trust (SAL-68)', async () => {
    const { request, code } = await codeOf()
    await fails(await exchange(world, request, code, { client_id: 'nutrition' }), 'invalid_grant')
    await fails(await exchange(world, request, code, { redirect_uri: 'http://localhost:4101/' }), 'invalid_grant')
    await fails(await exchange(world, request, code, {}, AHUS), 'invalid_grant')
    assert.equal((await exchange(world, request, code)).status, 200)
  })

  test('refuses a code after a minute (SAL-67)', async () => {
    const { request, code } = await codeOf()
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 61_000 }) // the library asks no other clock
    try {
      await fails(await exchange(world, request, code), 'invalid_grant')
    } finally {
      mock.timers.reset()
    }
    assert.equal((await exchange(world, request, code)).status, 200)
  })

  test('rotates refresh tokens, and the spent one used again kills the family (SAL-184)', async () => {
    const { tokens } = await launch(world)
    const second = await json(await refresh(world, tokens['refresh_token']))
    assert.ok(second['refresh_token'])
    assert.notEqual(second['refresh_token'], tokens['refresh_token'])
    assert.equal(second['scope'], tokens['scope'])
    await fails(await refresh(world, tokens['refresh_token']), 'invalid_grant')
    await fails(await refresh(world, second['refresh_token']), 'invalid_grant')
  })

  test('of one refresh token used eight times in parallel answers at most one 200', async () => {
    const { tokens } = await launch(world)
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(world, tokens['refresh_token'])))
    assert.equal(answers.filter((answer) => answer.status === 200).length, 1)
  })

  test('refreshes with the scopes granted or fewer, never more (SAL-180, SAL-181, SAL-182)', async () => {
    const { tokens } = await launch(world)
    const same = await json(await refresh(world, tokens['refresh_token'], { scope: String(tokens['scope']) }))
    assert.equal(same['scope'], tokens['scope'])
    await fails(
      await refresh(world, same['refresh_token'], { scope: `${String(tokens['scope'])} patient/Condition.rs` }),
      'invalid_scope',
    )
    const fewer = await json(await refresh(world, same['refresh_token'], { scope: 'launch patient/Patient.r' }))
    assert.equal(fewer['scope'], 'launch patient/Patient.r')
    assert.equal(fewer['patient'], 'cdp1001')
  })

  test('refuses the refresh token of another client (SAL-179, SAL-186)', async () => {
    const { tokens } = await launch(world)
    await fails(await refresh(world, tokens['refresh_token'], { client_id: 'nutrition' }), 'invalid_grant')
    await fails(await refresh(world, 'x'.repeat(43)), 'invalid_grant')
    await fails(await refresh(world, 'x'.repeat(43), { client_id: 'pacs-viewer' }), 'invalid_grant')
  })

  test('issues no refresh token that was not asked for', async () => {
    const { tokens } = await launch(world, new Browser(), {}, { scope: 'launch patient/Patient.r' })
    assert.equal(tokens['refresh_token'], undefined)
    assert.equal(tokens['id_token'], undefined)
  })

  test('keeps every answer out of caches, successes and errors (SAL-80, SAL-82)', async () => {
    const { request, code } = await codeOf()
    const answer = await exchange(world, request, code)
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    assert.equal(answer.headers.get('pragma'), 'no-cache')
    await fails(
      await postForm(`${world.issuer()}/token`, { grant_type: 'password', client_id: 'pacs-viewer' }),
      'unsupported_grant_type',
    )
    await fails(
      await postForm(`${world.issuer()}/token`, { grant_type: 'authorization_code', client_id: 'nobody' }),
      'invalid_client',
      401,
    )
  })

  test('lets pages of the app’s own origin read the answer, and no others', async () => {
    const { request, code } = await codeOf()
    const send = (origin: string) =>
      postForm(
        `${world.issuer()}/token`,
        {
          grant_type: 'authorization_code',
          code,
          redirect_uri: request.redirectUri,
          client_id: request.clientId,
          code_verifier: request.verifier,
        },
        { origin },
      )
    const foreign = await send('http://evil.test')
    assert.equal(foreign.status, 400)
    assert.equal(foreign.headers.get('access-control-allow-origin'), null)
    const own = await send('http://localhost:4101')
    assert.equal(own.status, 200)
    assert.equal(own.headers.get('access-control-allow-origin'), 'http://localhost:4101')
    const preflight = await fetch(`${world.issuer()}/token`, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://localhost:4101',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    })
    assert.equal(preflight.status, 204)
  })

  test('answers a body over 64 kB with 413', async () => {
    const answer = await postForm(`${world.issuer()}/token`, {
      grant_type: 'authorization_code',
      code: 'x'.repeat(70_000),
    })
    assert.equal(answer.status, 413)
  })
})
