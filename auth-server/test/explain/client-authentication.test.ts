import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { logged } from '#test/audit/support.ts'
import { denied } from '#test/policy/in-test-point.ts'
import { Browser } from '#test/support/browser.ts'
import { authorize } from '#test/support/launch.ts'
import { json, startWorld, type World } from '#test/support/world.ts'

describe('an explanation by client authentication', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  /** A confidential app of this method whose launch came to nothing; answers how it proves itself, and which request that was. */
  async function refusedLaunchOf(method: string) {
    const redirectUri = 'http://localhost:4199/index.html'
    const scope = 'launch patient/Observation.rs'
    const registered = await json(
      await fetch(`${world.issuer()}/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          client_name: 'Confidential',
          redirect_uris: [redirectUri],
          launch_uris: ['http://localhost:4199/launch.html'],
          scope,
          token_endpoint_auth_method: method,
        }),
      }),
    )
    const clientId = String(registered['client_id'])
    world.policy().answer = ({ question }) => (question.action === 'launch' ? undefined : denied('no-care-relation'))
    const wish = { client_id: clientId, redirect_uri: redirectUri, scope }
    const { answer } = await authorize(world, new Browser(), { client_id: clientId }, wish)
    const basic = (secret: string) => `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`
    const secret = String(registered['client_secret'])
    return { basic, secret, id: answer.headers.get('x-correlation-id') ?? '' }
  }

  const ask = async (id: string, authorization: string) => {
    // Records are on their way for a moment.
    await logged(world, (all) => all.some((one) => one.correlationId === id && one.activity === 'scope-decided'))
    return fetch(`${world.issuer()}/explain/${id}`, { headers: { authorization } })
  }

  test('covers what never led to a token', async () => {
    const { basic, secret, id } = await refusedLaunchOf('client_secret_basic')
    const answer = await ask(id, basic(secret))
    assert.equal(answer.status, 200)
    const { entries } = (await json(answer)) as { entries: readonly { activity: string; outcome: string }[] } // the server under test wrote it
    assert.ok(entries.some(({ activity, outcome }) => activity === 'scope-decided' && outcome === 'refused'))
    assert.equal((await ask(id, basic('wrong'))).status, 401)
    assert.equal((await ask(id, basic(''))).status, 401)
  })

  test('takes the registered method and no other (RFC 7591 §2)', async () => {
    const { basic, secret, id } = await refusedLaunchOf('client_secret_post')
    assert.equal((await ask(id, basic(secret))).status, 401)
  })
})
