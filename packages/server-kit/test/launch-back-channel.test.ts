import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { readForm, readJson } from '#src/body.ts'
import { generateSigningKey, publicJwks } from '#src/keys.ts'
import { createLaunchBackChannel } from '#src/launch-back-channel.ts'
import { Refusal, refuse } from '#src/refusal.ts'
import { newTrace } from '#src/trace.ts'
import { anApp } from '#test/builders.ts'

const key = await generateSigningKey('ES256')

/** Stands in for the authorization server: real HTTP, real signature check, tokens counted. */
async function anIssuer() {
  const app = anApp()
  const issued: string[] = []
  let issuer = ''
  app.router.post('/t/token', async (ctx) => {
    const form = await readForm(ctx)
    const assertion = form.get('client_assertion') ?? ''
    await jwtVerify(assertion, createLocalJWKSet(publicJwks([key])), {
      issuer: 'host',
      subject: 'host',
      audience: `${issuer}/token`,
    })
    assert.equal(form.get('scope'), '__launch')
    issued.push(`token-${issued.length + 1}`)
    ctx.body = { access_token: issued.at(-1), token_type: 'Bearer', expires_in: 300 }
  })
  const revoked = new Set<string>()
  app.router.post('/t/launches', async (ctx) => {
    const token = ctx.get('authorization').slice('Bearer '.length)
    if (!issued.includes(token) || revoked.has(token)) refuse(401, 'invalid_token', 'no')
    const body = await readJson(ctx)
    if (JSON.stringify(body).includes('unknown-app')) refuse(400, 'invalid_request', 'the app is not approved here')
    ctx.status = 201
    ctx.body = { launch: 'x', asked: body }
  })
  issuer = `${await app.serve()}/t`
  return { issuer, issued, revoked, channel: createLaunchBackChannel({ issuer, clientId: 'host', key }) }
}

describe('the launch back channel', () => {
  test('signs in once for many offers, also those of the same moment', async () => {
    const { channel, issued } = await anIssuer()
    await Promise.all([channel.offer(newTrace(), { n: 1 }), channel.offer(newTrace(), { n: 2 })])
    assert.deepEqual(await channel.offer(newTrace(), { n: 3 }), { launch: 'x', asked: { n: 3 } })
    assert.equal(issued.length, 1)
  })

  test('signs in again, once, when its token is no longer taken', async () => {
    const { channel, issued, revoked } = await anIssuer()
    await channel.offer(newTrace(), {})
    revoked.add(issued[0] ?? '')
    await channel.offer(newTrace(), {})
    assert.equal(issued.length, 2)
  })

  test('passes a refusal of the server on with its code', async () => {
    const { channel } = await anIssuer()
    await assert.rejects(channel.offer(newTrace(), { client_id: 'unknown-app' }), (error) => {
      assert.ok(error instanceof Refusal)
      assert.deepEqual([error.status, error.code, error.hint], [400, 'invalid_request', 'the app is not approved here'])
      return true
    })
  })
})
