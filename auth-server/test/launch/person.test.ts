import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { decodeJwt } from 'jose'
import { registerApp } from '#test/support/apps.ts'
import { Browser } from '#test/support/browser.ts'
import { authorizing, exchange, INTENT, launch, locationOf, offer, start } from '#test/support/launch.ts'
import { standalone, throughPages } from '#test/support/standalone.ts'
import { callApi, json, startWorld, type World } from '#test/support/world.ts'

describe('the person of a launch', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  /** Signs somebody in at this server, as standalone launches do, and leaves the browser as it is then. */
  const browserOf = async (username: string): Promise<Browser> => {
    const browser = new Browser()
    await throughPages(browser, standalone(world, { scope: 'openid fhirUser' }).url, { username })
    return browser
  }
  const silently = async (browser: Browser): Promise<unknown> => {
    const request = standalone(world, { scope: 'openid fhirUser', prompt: 'none' })
    const code = locationOf(await browser.navigate(request.url)).searchParams.get('code') ?? ''
    const tokens = await json(await exchange(world, request, code))
    return decodeJwt(String(tokens['id_token'])).sub
  }

  test('is whom the host named, whoever has signed in here in the same browser, and signs nobody else in or out (SAL-43)', async () => {
    const browser = await browserOf('stf104')
    const { tokens } = await launch(world, browser, { user: 'stf101', role: 'agb101' })
    assert.equal(decodeJwt(String(tokens['access_token'])).sub, 'stf101')
    assert.equal(decodeJwt(String(tokens['id_token']))['fhirUser'], `${world.fhirBase()}/Practitioner/stf101`)
    assert.equal(await silently(browser), 'stf104', 'the sign-in here is still that of who signed in')
    const fresh = new Browser()
    await launch(world, fresh, { user: 'stf101', role: 'agb101' })
    const request = standalone(world, { scope: 'openid fhirUser', prompt: 'none' })
    const nobody = locationOf(await fresh.navigate(request.url))
    assert.equal(nobody.searchParams.get('error'), 'login_required', 'a launch leaves nobody signed in')
  })

  test('is not whoever comes by the handle, signed in here or not: refused, and the rightful browser still works (SAL-43)', async () => {
    const rightful = new Browser()
    const opened = await start(world, rightful, await offer(world))
    const handle = opened.searchParams.get('launch') ?? ''
    for (const thief of [await browserOf('stf104'), await browserOf('stf101'), new Browser()]) {
      const redirect = locationOf(await thief.navigate(authorizing(world, handle).url))
      assert.equal(redirect.searchParams.get('error'), 'invalid_request')
      assert.equal(redirect.searchParams.get('code'), null)
    }
    assert.ok(locationOf(await rightful.navigate(authorizing(world, handle).url)).searchParams.has('code'))
  })

  test('has a FHIR resource in this trust, or there is no launch and no `fhirUser` to tell of (SAL-122)', async () => {
    for (const user of ['stf999', 'stf201', 'cdp1001']) {
      const answer = await callApi(world, '/launches', { ...INTENT, user, role: undefined })
      assert.deepEqual([answer.status, (await json(answer))['error']], [400, 'invalid_request'], user)
    }
    const asked = { scope: 'openid fhirUser' }
    const claimOf = async (username: string) => {
      const request = standalone(world, asked)
      const redirect = await throughPages(new Browser(), request.url, { username })
      const tokens = await json(await exchange(world, request, redirect.searchParams.get('code') ?? ''))
      return decodeJwt(String(tokens['id_token']))['fhirUser']
    }
    assert.equal(await claimOf('stf101'), `${world.fhirBase()}/Practitioner/stf101`)
    assert.equal(await claimOf('cdp1005'), `${world.fhirBase()}/Patient/cdp1005`)
    const service = { redirect_uris: undefined, launch_uris: undefined, grant_types: ['client_credentials'] }
    await assert.rejects(
      registerApp(world, {
        ...service,
        scope: 'openid fhirUser',
        token_endpoint_auth_method: 'private_key_jwt',
        jwks_uri: `${world.gateway.origin}/jwks.json`,
      }),
      /invalid_client_metadata/,
      'a service is nobody’s to tell of',
    )
  })
})
