import assert from 'node:assert/strict'
import { request } from 'node:http'
import { describe, test } from 'node:test'
import { BODY_LIMIT, readForm, readJson, readRaw } from '#src/body.ts'
import { anApp } from '#test/builders.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' }

async function open(): Promise<
  (
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers?: Record<string, string>,
  ) => Promise<{ status: number; body: unknown }>
> {
  const app = anApp()
  app.router.post('/json', async (ctx) => {
    ctx.body = { got: await readJson(ctx) }
  })
  app.router.post('/form', async (ctx) => {
    ctx.body = Object.fromEntries(await readForm(ctx))
  })
  app.router.post('/raw', async (ctx) => {
    ctx.body = { length: (await readRaw(ctx, { limit: 4 })).length }
  })
  const url = await app.serve()
  return async (path, body, headers = {}) => {
    const answer = await fetch(url + path, { method: 'POST', body, headers })
    return { status: answer.status, body: await answer.json() }
  }
}

const codeOf = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined

describe('a JSON body', () => {
  test('is read, with or without a charset', async () => {
    const send = await open()
    assert.deepEqual(await send('/json', '{"a":"ærlig"}', JSON_TYPE), { status: 200, body: { got: { a: 'ærlig' } } })
    const charset = { 'content-type': 'Application/JSON; charset=utf-8' }
    assert.equal((await send('/json', '[]', charset)).status, 200)
  })

  test('that is broken is refused without being quoted', async () => {
    const { status, body } = await (await open())('/json', '{"name": Berg}', JSON_TYPE)
    assert.equal(status, 400)
    assert.equal(codeOf(body), 'invalid_request')
    assert.doesNotMatch(JSON.stringify(body), /Berg/)
  })

  test('that is not UTF-8 is refused', async () => {
    assert.equal((await (await open())('/json', new Uint8Array([0x22, 0xff, 0x22]), JSON_TYPE)).status, 400)
  })

  test('of another or no type is 415, and so is a compressed one', async () => {
    const send = await open()
    assert.equal((await send('/json', '{}', { 'content-type': 'text/plain' })).status, 415)
    assert.equal((await send('/json', new Uint8Array([1]))).status, 415)
    assert.equal((await send('/json', '{}', { ...JSON_TYPE, 'content-encoding': 'gzip' })).status, 415)
  })

  test('one byte over the limit is 413, at the limit it is taken', async () => {
    const send = await open()
    const text = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`
    assert.equal((await send('/json', text(BODY_LIMIT), JSON_TYPE)).status, 200)
    const over = await send('/json', text(BODY_LIMIT + 1), JSON_TYPE)
    assert.equal(over.status, 413)
    assert.equal(codeOf(over.body), 'payload_too_large')
  })

  test('that hides its length is stopped at the limit all the same', async () => {
    const app = anApp()
    app.router.post('/raw', async (ctx) => {
      ctx.body = { length: (await readRaw(ctx, { limit: 4 })).length }
    })
    const url = await app.serve()
    const status = await new Promise((resolve, reject) => {
      const sent = request(`${url}/raw`, { method: 'POST' }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      sent.once('error', reject)
      sent.write('12')
      sent.write('345678')
      sent.end()
    })
    assert.equal(status, 413)
  })
})

describe('a form', () => {
  test('is read, and an empty parameter counts as absent', async () => {
    assert.deepEqual(await (await open())('/form', 'a=1&b=&c=%C3%A5+x', FORM_TYPE), {
      status: 200,
      body: { a: '1', c: 'å x' },
    })
  })

  test('that gives a parameter twice is refused by its name, never its value', async () => {
    const { status, body } = await (await open())('/form', 'code=first&code=second', FORM_TYPE)
    assert.equal(status, 400)
    assert.match(JSON.stringify(body), /`code`/)
    assert.doesNotMatch(JSON.stringify(body), /first|second/)
  })

  test('sent as JSON is 415', async () => {
    assert.equal((await (await open())('/form', '{}', JSON_TYPE)).status, 415)
  })
})
