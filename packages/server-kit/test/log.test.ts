import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { generateKeyPair, SignJWT } from 'jose'
import { createLog, type LogFields } from '#src/log.ts'
import { scrub } from '#src/scrub.ts'

const { privateKey } = await generateKeyPair('ES256')
const JWT = await new SignJWT({ patient: 'cdp1001' }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey)
const NATIONAL_ID = '13116900216'
const secret = (): string => randomBytes(32).toString('base64url')

function record(work: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = []
  work(createLog({ name: 'test', write: (line) => lines.push(line) }))
  return lines.join('')
}

describe('the log', () => {
  test('a field outside the closed set never reaches a line, however it was smuggled in', () => {
    const fields = { status: 200, token: 'abc', patientName: 'Berg' }
    const line = record((log) => log.info('request', fields)) // a variable escapes the check that a literal gets
    assert.doesNotMatch(line, /abc|Berg/)
    assert.match(line, /"status":200/)
  })

  test('an object in place of a text is dropped', () => {
    const fields = { reason: { name: 'Berg' } } as unknown as LogFields // what a careless caller would write
    assert.doesNotMatch(
      record((log) => log.info('request', fields)),
      /Berg/,
    )
  })

  test('tokens, 256-bit secrets and national ids come out scrubbed from every field, event and error', () => {
    for (const hidden of [JWT, NATIONAL_ID, '131169 00216', ...Array.from({ length: 200 }, secret)]) {
      const written = record((log) => {
        log.info(`seen ${hidden}`, { route: `/start/${hidden}`, reason: hidden, clientId: hidden, code: `x${hidden}` })
        log.error('failed', {
          error: new Error(`no row for ${hidden}`, { cause: new TypeError(hidden) }),
          reason: hidden,
        })
      })
      assert.ok(!written.includes(hidden), `a secret of ${hidden.length} characters was written`)
    }
  })

  test('an error about broken JSON does not quote the body', () => {
    const written = record((log) => {
      try {
        JSON.parse('{"name": Berg}')
      } catch (error) {
        log.error('failed', { error })
      }
    })
    assert.doesNotMatch(written, /Berg/)
    assert.match(written, /"type":"SyntaxError"/)
  })

  test('an error keeps its class, code, message and the frames it came from', () => {
    const error = Object.assign(new Error('disk is full'), { code: 'ENOSPC' })
    const line = JSON.parse(record((log) => log.error('failed', { error })))
    assert.equal(line.error.type, 'Error')
    assert.equal(line.error.code, 'ENOSPC')
    assert.equal(line.error.message, 'disk is full')
    assert.ok(line.error.stack.some((frame: string) => frame.includes('log.test.ts')))
  })

  test('a thrown text is not written, since nobody knows what it says', () => {
    assert.doesNotMatch(
      record((log) => log.error('failed', { error: 'Kari Berg' })),
      /Berg/,
    )
  })
})

describe('the second net', () => {
  test('authorization values and queries are taken out of a text', () => {
    assert.equal(
      scrub('sent Bearer abc.def to http://localhost:4400/x?code=short&state=1 now'),
      'sent Bearer [secret] to http://localhost:4400/x?[query] now',
    )
    assert.equal(scrub('authorization: DPoP xyz'), 'authorization: DPoP [secret]')
  })

  test('what people need to read stays: trace ids, UUIDs, route templates, tenants, times', () => {
    const kept = [
      '0af7651916cd43dd8448eb211c80319c',
      'a13116900216a3dd8448eb211c80319c',
      '3f2c8a52-6a35-4f1e-9a52-a13116900216',
      '3f2c8a52-6a35-4f1e-9a52-6d2c8b7b1f10',
      '/:orgnr/.well-known/smart-configuration',
      '993467049',
      '1795170105972',
      '2026-11-20T10:17:00.628Z',
      'at RouterImplementation.<anonymous> (/srv/node_modules/@koa/router/dist/index.mjs:974:39)',
    ]
    for (const text of kept) assert.equal(scrub(text), text)
  })
})
