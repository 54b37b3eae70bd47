import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { decodeJwt } from 'jose'
import type { Answer } from '@uthopp/policy/answer'
import type { Ask } from '@uthopp/policy/decision-point'
import { Browser } from '../support/browser.ts'
import { launch, refresh } from '../support/launch.ts'
import { json, startWorld, type World } from '../support/world.ts'
import { denied, nameOfAsk } from './in-test-point.ts'

const SCOPE = 'launch openid fhirUser online_access patient/Patient.r patient/Observation.rs'
const denying =
  (code: string, ...names: readonly string[]) =>
  (ask: Ask): Answer | undefined =>
    names.includes(nameOfAsk(ask)) ? denied(code) : undefined
/** Every letter and word; the launch itself stays permitted. */
const denyingScopes = (code: string) => (ask: Ask) => (ask.question.action === 'grantScope' ? denied(code) : undefined)

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())
beforeEach(() => {
  world.policy().answer = () => undefined
  world.policy().asked.length = 0
})

describe('a refresh', () => {
  test('keeps what still holds and drops what does not, and what it dropped stays dropped', async () => {
    const { tokens } = await launch(world, new Browser(), {}, { scope: SCOPE })
    world.policy().answer = denying('decision-ended', 'patient/Observation.r', 'patient/Observation.s')
    const less = await json(await refresh(world, tokens['refresh_token']))
    assert.equal(less['scope'], 'launch openid fhirUser online_access patient/Patient.r')
    assert.equal(decodeJwt(String(less['access_token']))['scope'], less['scope'])
    world.policy().answer = () => undefined
    const again = await json(await refresh(world, less['refresh_token']))
    assert.equal(again['scope'], less['scope'], 'access that ended does not come back to this launch')
  })

  test('of a wildcard that lost a letter keeps its types, time after time', async () => {
    world.policy().answer = denying('no', 'patient/Observation.s')
    const { tokens } = await launch(world, new Browser(), {}, { scope: 'launch online_access patient/*.rs' })
    assert.equal(tokens['scope'], 'launch online_access patient/Patient.r patient/Observation.r')
    const next = await json(await refresh(world, tokens['refresh_token']))
    assert.equal(next['scope'], tokens['scope'])
    assert.equal((await json(await refresh(world, next['refresh_token'])))['scope'], tokens['scope'])
  })

  test('of a whole wildcard gets the types that are left when one letter falls later', async () => {
    const redirectUri = 'http://localhost:4199/index.html'
    const registered = await fetch(`${world.issuer()}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_name: 'Everything',
        redirect_uris: [redirectUri],
        launch_uris: ['http://localhost:4199/launch.html'],
        scope: 'launch online_access patient/*.rs',
        token_endpoint_auth_method: 'none',
      }),
    })
    const clientId = String((await json(registered))['client_id'])
    const changes = { client_id: clientId, redirect_uri: redirectUri, scope: 'launch online_access patient/*.read' }
    const { tokens } = await launch(world, new Browser(), { client_id: clientId }, changes)
    assert.equal(tokens['scope'], changes.scope)
    world.policy().answer = denying('blocked', 'patient/Condition.r', 'patient/Condition.s')
    const less = await json(await refresh(world, tokens['refresh_token']))
    const scopes = String(less['scope']).split(' ')
    assert.ok(scopes.includes('patient/Observation.read') && scopes.includes('online_access'))
    assert.ok(!scopes.some((scope) => scope.startsWith('patient/Condition') || scope.startsWith('patient/*')))
    assert.equal(decodeJwt(String(less['access_token']))['scope'], less['scope'])
    const again = await json(await refresh(world, less['refresh_token']))
    assert.equal(again['scope'], less['scope'])
  })

  test('refuses when nothing holds, and the launch is over', async () => {
    const { tokens } = await launch(world, new Browser(), {}, { scope: SCOPE })
    world.policy().answer = denyingScopes('role-not-held')
    const answer = await refresh(world, tokens['refresh_token'])
    assert.equal(answer.status, 400)
    assert.equal((await json(answer))['error'], 'invalid_grant')
    world.policy().answer = () => undefined
    assert.equal((await json(await refresh(world, tokens['refresh_token'])))['error'], 'invalid_grant')
  })

  test('costs nothing while nobody can decide', async () => {
    const { tokens } = await launch(world, new Browser(), {}, { scope: SCOPE })
    world.policy().answer = denyingScopes('pdp-unavailable')
    assert.equal((await refresh(world, tokens['refresh_token'])).status, 503)
    world.policy().answer = () => undefined
    const answer = await json(await refresh(world, tokens['refresh_token']))
    assert.equal(answer['scope'], SCOPE)
  })

  test('for less gets what policy permits of that', async () => {
    const { tokens } = await launch(world, new Browser(), {}, { scope: SCOPE })
    world.policy().answer = denying('no', 'patient/Observation.s')
    const wish = { scope: 'openid patient/Observation.rs' }
    const less = await json(await refresh(world, tokens['refresh_token'], wish))
    assert.equal(less['scope'], 'openid patient/Observation.r')
  })

  test('is over when nothing about the patient is left but who works where (CE-41)', async () => {
    const registered = await json(
      await fetch(`${world.issuer()}/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          client_name: 'Directories',
          redirect_uris: ['http://localhost:9998/'],
          launch_uris: ['http://localhost:9998/launch.html'],
          scope: 'launch openid online_access patient/*.rs',
          token_endpoint_auth_method: 'none',
        }),
      }),
    )
    const client = { client_id: String(registered['client_id']) }
    const launched = () =>
      launch(world, new Browser(), client, {
        ...client,
        redirect_uri: 'http://localhost:9998/',
        scope:
          'launch openid online_access patient/Observation.rs patient/Patient.r patient/Practitioner.r patient/Location.r',
      })
    const again = (token: unknown) => refresh(world, token, client)
    const [some, none] = [await launched(), await launched()]
    world.policy().answer = denying('no-care-relation', 'patient/Observation.r', 'patient/Observation.s')
    const kept = await json(await again(some.tokens['refresh_token']))
    assert.match(String(kept['scope']), /patient\/Patient\.r/)
    world.policy().answer = denying(
      'no-care-relation',
      'patient/Observation.r',
      'patient/Observation.s',
      'patient/Patient.r',
    )
    assert.equal((await json(await again(none.tokens['refresh_token'])))['error'], 'invalid_grant')
    world.policy().answer = () => undefined
    assert.equal((await json(await again(none.tokens['refresh_token'])))['error'], 'invalid_grant', 'and stays over')
  })

  test('for less than nothing keeps the refresh token', async () => {
    const { tokens } = await launch(world, new Browser(), {}, { scope: SCOPE })
    world.policy().answer = denying('no', 'patient/Observation.r', 'patient/Observation.s')
    const refused = await refresh(world, tokens['refresh_token'], { scope: 'openid patient/Observation.rs' })
    assert.equal((await json(refused))['error'], 'invalid_scope')
    assert.equal((await refresh(world, tokens['refresh_token'])).status, 200)
  })

  test('of an app that may not stay is not possible from the start', async () => {
    world.policy().answer = denying('no-staying', 'online_access')
    const { tokens } = await launch(world, new Browser(), {}, { scope: SCOPE })
    assert.equal(tokens['refresh_token'], undefined)
  })
})
