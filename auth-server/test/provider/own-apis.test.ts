import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { decodeJwt } from 'jose'
import { ASSERTION_TYPE, json, postForm, signAssertion, startWorld, type World } from '#test/support/world.ts'

describe('tokens for our own APIs', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  const ask = async (clientId: 'host' | 'gateway' | 'launcher', form: Readonly<Record<string, string>>) => {
    const issuer = world.issuer()
    const answer = await postForm(`${issuer}/token`, {
      grant_type: 'client_credentials',
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: await signAssertion({ clientId, audience: `${issuer}/token`, key: world[clientId].key }),
      ...form,
    })
    const body = await json(answer)
    if (answer.status !== 200) return String(body['error'])
    return `${String(body['scope'])} at ${String(decodeJwt(String(body['access_token'])).aud).slice(issuer.length)}`
  }

  test('are for one API each, with the scopes of it that are asked and registered', async () => {
    for (const [clientId, scope, got] of [
      ['host', '__launch', '__launch at /launches'],
      ['host', '__audit.write', '__audit.write at /audit'],
      ['host', '__audit.read __audit.write', '__audit.read __audit.write at /audit'],
      ['host', '__pdp.evaluate __pdp.search', '__pdp.evaluate __pdp.search at /pdp'],
      ['host', '__pdp.evaluate __launch', '__launch at /launches'],
      ['gateway', '__revocations', '__revocations at /revocations'],
      ['gateway', '__introspect', '__introspect at /introspect'],
      ['gateway', '__audit.write __audit.read', '__audit.write at /audit'],
    ] as const)
      assert.equal(await ask(clientId, { scope }), got, scope)
  })

  test('are for nobody the deployment does not name for them, and for no address of somebody else’s', async () => {
    for (const [clientId, scope] of [
      ['launcher', '__audit.write'],
      ['launcher', '__introspect'],
      ['host', '__introspect'],
      ['host', '__revocations'],
      ['gateway', '__audit.read'],
      ['gateway', '__launch'],
      ['gateway', '__pdp.search'],
    ] as const)
      assert.equal(await ask(clientId, { scope }), 'invalid_scope', `${clientId} ${scope}`)
    for (const resource of [world.fhirBase(), 'https://elsewhere.example/', `${world.issuer('983971636')}/audit`])
      assert.equal(await ask('host', { scope: '__audit.write', resource }), 'invalid_target', resource)
  })
})
