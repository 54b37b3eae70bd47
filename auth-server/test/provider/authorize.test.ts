import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Browser } from '#test/support/browser.ts'
import { authorizing, locationOf, offer, start } from '#test/support/launch.ts'
import { AHUS } from '#test/support/stub-host.ts'
import { json, startWorld, type World } from '#test/support/world.ts'

describe('an authorization request', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  const checkedLaunch = async () => {
    const browser = new Browser()
    const offered = await offer(world)
    await start(world, browser, offered)
    return { browser, handle: offered.launch }
  }

  /** Sends what must be refused by redirect, and then what is right with the same handle: nothing was spent. */
  const refusedByRedirect = async (changes: Readonly<Record<string, string | undefined>>, error: string) => {
    const { browser, handle } = await checkedLaunch()
    const request = authorizing(world, handle, changes)
    const answer = await browser.navigate(request.url)
    const redirect = locationOf(answer)
    assert.equal(`${redirect.origin}${redirect.pathname}`, 'http://localhost:4101/index.html')
    assert.equal(redirect.searchParams.get('error'), error, redirect.search)
    assert.equal(redirect.searchParams.get('code'), null)
    assert.equal(redirect.searchParams.get('iss'), world.issuer())
    if (changes['state'] === undefined && !('state' in changes))
      assert.equal(redirect.searchParams.get('state'), request.state)
    assert.ok(locationOf(await browser.navigate(authorizing(world, handle).url)).searchParams.has('code'))
  }

  test('needs the FHIR base of this trust as `aud` (SAL-53, SAL-54, SAL-55)', async () => {
    await refusedByRedirect({ aud: undefined }, 'invalid_request')
    for (const aud of [
      world.fhirBase(AHUS),
      'https://fhir.evil.test/r4',
      `${world.fhirBase()}//`,
      `${world.fhirBase()}/Patient`,
      world.fhirBase().toUpperCase(),
      world.issuer(),
      `${world.issuer()}/launches`,
    ])
      await refusedByRedirect({ aud }, 'invalid_request')
  })

  test('cannot slip another audience in as `resource` (SAL-56)', async () => {
    await refusedByRedirect({ resource: world.fhirBase(AHUS) }, 'invalid_target')
    await refusedByRedirect({ resource: `${world.issuer()}/launches` }, 'invalid_target')
    await refusedByRedirect({ resource: world.fhirBase(), aud: undefined }, 'invalid_request')
  })

  test('needs state, and PKCE with S256 (SAL-57, SAL-71)', async () => {
    await refusedByRedirect({ state: undefined }, 'invalid_request')
    await refusedByRedirect({ code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request')
    await refusedByRedirect({ code_challenge_method: 'plain' }, 'invalid_request')
    await refusedByRedirect({ code_challenge_method: undefined }, 'invalid_request')
  })

  test('asks for a code and nothing else, in the query', async () => {
    for (const type of ['token', 'code id_token', 'none']) {
      const { browser, handle } = await checkedLaunch()
      const redirect = locationOf(
        await browser.navigate(authorizing(world, handle, { response_type: type, nonce: 'n' }).url),
      )
      // OAuth 2.0 Multiple Response Types §5: errors of these types come back in the fragment.
      const answered = new URLSearchParams(`${redirect.search.slice(1)}&${redirect.hash.slice(1)}`)
      assert.equal(answered.get('error'), 'unsupported_response_type')
      assert.equal(answered.has('code') || answered.has('access_token'), false)
    }
    const { browser, handle } = await checkedLaunch()
    const answer = await browser.navigate(authorizing(world, handle, { response_mode: 'fragment' }).url)
    assert.match(locationOf(answer).hash, /error=invalid_request/)
    assert.doesNotMatch(locationOf(answer).href, /code=/)
  })

  test('cannot make this server ask for a sign-in', async () => {
    await refusedByRedirect({ prompt: 'login' }, 'login_required')
    await refusedByRedirect({ max_age: '60' }, 'login_required')
    await refusedByRedirect({ max_age: '0' }, 'login_required')
    for (const wrong of ['-1', 'x', '1.5']) await refusedByRedirect({ max_age: wrong }, 'invalid_request')
  })

  test('with prompt=none or prompt=consent succeeds silently: the trust’s approval stands for consent', async () => {
    for (const prompt of ['none', 'consent']) {
      const { browser, handle } = await checkedLaunch()
      assert.ok(locationOf(await browser.navigate(authorizing(world, handle, { prompt }).url)).searchParams.has('code'))
    }
  })

  test('that nothing can be granted for is refused with invalid_scope (SAL-61, SAL-84, SAL-138)', async () => {
    const { browser, handle } = await checkedLaunch()
    const answer = await browser.navigate(authorizing(world, handle, { scope: 'system/*.rs patient/Condition.rs' }).url)
    assert.equal(locationOf(answer).searchParams.get('error'), 'invalid_scope')
    assert.ok(locationOf(await browser.navigate(authorizing(world, handle).url)).searchParams.has('code'))
  })

  test('whose scope no launch could answer spends nothing', async () => {
    for (const scope of [undefined, '', 'system/*.rs', 'patient/Condition.rs', '__launch'])
      await refusedByRedirect({ scope }, 'invalid_scope')
  })

  test('takes a parameter without a value for one that was not sent (RFC 6749 §3.1)', async () => {
    await refusedByRedirect({ state: '' }, 'invalid_request')
    await refusedByRedirect({ aud: '' }, 'invalid_request')
    const { browser, handle } = await checkedLaunch()
    const answer = await browser.navigate(authorizing(world, handle, { response_mode: '', max_age: '' }).url)
    assert.ok(locationOf(answer).searchParams.has('code'))
  })

  test('must be able to get its state and nonce back as they went out (SAL-65)', async () => {
    const { browser, handle } = await checkedLaunch()
    for (const sent of ['state=%ff%c3%28', 'state=%00', 'state=%C3%A6', 'state=ok&nonce=%ff']) {
      const url = authorizing(world, handle, { state: undefined }).url
      const redirect = locationOf(await browser.navigate(`${url}&${sent}`))
      assert.equal(redirect.searchParams.get('error'), 'invalid_request', sent)
      assert.equal(redirect.searchParams.get('state'), sent.startsWith('state=ok') ? 'ok' : null)
    }
    assert.ok(locationOf(await browser.navigate(authorizing(world, handle).url)).searchParams.has('code'))
  })

  test('without a redirect address, or with two, ends on a page', async () => {
    const { browser, handle } = await checkedLaunch()
    const { url } = authorizing(world, handle)
    for (const address of [
      authorizing(world, handle, { redirect_uri: undefined }).url,
      authorizing(world, handle, { redirect_uri: '' }).url,
      `${url}&redirect_uri=${encodeURIComponent('https://evil.test/')}`,
    ]) {
      const answer = await browser.navigate(address)
      assert.equal(answer.status, 400)
      assert.equal(answer.headers.get('location'), null)
    }
    assert.ok(locationOf(await browser.navigate(url)).searchParams.has('code'))
  })

  test('is refused by redirect when it wants a page of the library’s', async () => {
    const { browser, handle } = await checkedLaunch()
    const answer = await browser.navigate(authorizing(world, handle, { response_mode: 'form_post' }).url)
    assert.equal(answer.status, 303)
    assert.equal(locationOf(answer).searchParams.get('error'), 'unsupported_response_mode')
  })

  test('takes GET and POST, and says so to everything else', async () => {
    for (const method of ['HEAD', 'PUT', 'DELETE']) {
      const answer = await new Browser().send(authorizing(world, 'x').url, { method })
      assert.equal(answer.status, 405)
      assert.equal(answer.headers.get('allow'), 'GET, POST')
    }
  })

  test('is never answered by a redirect to an address that is not registered, or longer than one that is (SAL-58)', async () => {
    for (const uri of [
      'http://localhost:4101/index.html/more',
      'http://localhost:4101/index.html?x=1',
      'http://localhost:4101/index.html#x',
      'http://localhost:4101/Index.html',
      'http://localhost:4102/',
      'https://evil.test/',
      'javascript:alert(1)',
    ]) {
      const { browser, handle } = await checkedLaunch()
      const answer = await browser.navigate(authorizing(world, handle, { redirect_uri: uri }).url)
      assert.equal(answer.status, 400)
      assert.equal(answer.headers.get('location'), null)
      assert.match(answer.body, /ikke er registrert|ikke gyldig/)
      assert.ok(!answer.body.includes(handle))
      assert.ok(!answer.body.includes('evil.test'))
      assert.ok(locationOf(await browser.navigate(authorizing(world, handle).url)).searchParams.has('code'))
    }
  })

  test('of an unknown client, or with a parameter given twice to one, ends on a page with a number to quote', async () => {
    const { browser, handle } = await checkedLaunch()
    const answer = await browser.navigate(authorizing(world, handle, { client_id: 'nobody' }).url, {
      headers: { 'accept-language': 'en' },
    })
    assert.equal(answer.status, 400)
    assert.match(answer.body, /<html lang="en">/)
    assert.ok(answer.body.includes(answer.headers.get('x-correlation-id') ?? 'none'))
    assert.match(
      answer.headers.get('content-security-policy') ?? '',
      new RegExp(`frame-ancestors ${world.host.origin}`),
    )
    assert.equal(answer.headers.get('x-frame-options'), null)
    const twice = await browser.navigate(`${authorizing(world, handle).url}&launch=x`)
    assert.notEqual(twice.status, 500)
    assert.ok(!(twice.headers.get('location') ?? '').includes('code='))
  })

  test('brings no session of ours to life, also when the caller claims to have one', async () => {
    const { browser, handle } = await checkedLaunch()
    for (const answer of [
      await browser.navigate(authorizing(world, handle, { state: undefined }).url, {
        headers: { cookie: '_session=abc; _session.legacy=abc' },
      }),
      await browser.navigate(authorizing(world, 'x').url),
    ])
      assert.deepEqual(answer.headers.getSetCookie(), [])
  })

  test('is answered under the issuer’s address whatever Host says (SAL-118)', async () => {
    const answer = await new Browser().send(`${world.issuer()}/.well-known/openid-configuration`, {
      headers: { host: 'evil.test', 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'https' },
    })
    const document = JSON.parse(answer.body) as Record<string, unknown> // this endpoint answers JSON
    assert.equal(document['issuer'], world.issuer())
    for (const [member, path] of [
      ['authorization_endpoint', 'auth'],
      ['token_endpoint', 'token'],
      ['jwks_uri', 'jwks'],
    ] as const)
      assert.equal(document[member], `${world.issuer()}/${path}`)
    assert.deepEqual(document['response_types_supported'], ['code'])
    assert.deepEqual(document['subject_types_supported'], ['public'])
    assert.deepEqual(document['code_challenge_methods_supported'], ['S256'])
    assert.ok((document['id_token_signing_alg_values_supported'] as string[]).includes('RS256')) // a list, or this fails
    assert.ok(!(document['claims_supported'] as string[]).includes('sid')) // as above
    const smart = await json(await fetch(`${world.issuer()}/.well-known/smart-configuration`))
    const algorithms = 'token_endpoint_auth_signing_alg_values_supported'
    assert.deepEqual(document[algorithms], smart[algorithms])
  })
})
