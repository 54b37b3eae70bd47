import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { readForm } from '#src/body.ts'
import { generateSigningKey } from '#src/keys.ts'
import { createOwnToken, createOwnTokens } from '#src/own-token.ts'
import { refuse } from '#src/refusal.ts'
import { newTrace } from '#src/trace.ts'
import { anApp } from '#test/builders.ts'

const key = await generateSigningKey('ES256')
const app = anApp()
const issued: string[] = []
let up = true
let held: Promise<void> | undefined
app.router.post('/t/token', async (ctx) => {
  const form = await readForm(ctx)
  const token = `${form.get('scope')}-${issued.length + 1}`
  issued.push(token)
  await held
  if (!up) refuse(503, 'temporarily_unavailable', 'not now')
  ctx.body = { access_token: token, token_type: 'Bearer', expires_in: 300 }
})
const issuer = `${await app.serve()}/t`

describe('a token of our own', () => {
  let time = 0
  const credentials = { issuer, clientId: 'host', key, scope: 'read', now: () => new Date(time) }
  beforeEach(() => {
    issued.length = 0
    up = true
    held = undefined
    time = Date.now()
  })

  test('is asked for once by many, and again before it expires', async () => {
    const own = createOwnToken(credentials)
    const get = () => own.get(newTrace())
    assert.deepEqual(await Promise.all([get(), get(), get()]), ['read-1', 'read-1', 'read-1'])
    time += 269_000
    assert.equal(await get(), 'read-1')
    time += 1000
    assert.deepEqual(await Promise.all([get(), get()]), ['read-2', 'read-2'])
  })

  test('that is refused is not used again, and a refusal that comes late costs nothing', async () => {
    const own = createOwnToken(credentials)
    const first = await own.get(newTrace())
    own.forget(first)
    assert.equal(await own.get(newTrace()), 'read-2')
    own.forget(first)
    assert.equal(await own.get(newTrace()), 'read-2')
    own.forget('read-2')
    const { promise, resolve } = Promise.withResolvers<void>()
    held = promise
    const asked = own.get(newTrace())
    own.forget('read-2') // while the next one is under way
    const together = own.get(newTrace())
    resolve()
    assert.deepEqual(await Promise.all([asked, together]), ['read-3', 'read-3'])
  })

  test('that cannot be had is told to all who wait for it, and asked for anew by the next', async () => {
    const own = createOwnToken(credentials)
    up = false
    const answers = await Promise.allSettled([own.get(newTrace()), own.get(newTrace())])
    assert.deepEqual([...answers.map(({ status }) => status), issued.length], ['rejected', 'rejected', 1])
    up = true
    assert.equal(await own.get(newTrace()), 'read-2')
  })

  test('is one for each name', async () => {
    const own = createOwnTokens((scope) => ({ ...credentials, scope }))
    const get = (scope: string) => own(scope).get(newTrace())
    assert.deepEqual([await get('a'), await get('b'), await get('a')], ['a-1', 'b-2', 'a-1'])
  })
})
