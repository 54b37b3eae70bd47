import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, test } from 'node:test'
import { boundaryOf, rewritePartHeaders } from '#src/dicomweb/part-headers.ts'

const shout = (line: string): string | undefined => (line.startsWith('drop') ? undefined : line.toUpperCase())

/** Sends the text in pieces of one size. */
async function sent(text: string, size: number): Promise<string> {
  const bytes = Buffer.from(text, 'latin1')
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  )
  return (await buffer(Readable.from(pieces).compose(rewritePartHeaders('edge', shout)))).toString('latin1')
}

describe('the headers of parts', () => {
  const text = [
    '--edge\r\na: b\r\ndrop: me\r\n\r\nlooks: like\r\n\r\na: header\r\n--edg\u00ff',
    '\r\n--edge\r\n\r\nno headers',
    '\r\n--edge\r\nc: d\r\n\r\n',
    '\r\n--edge--\r\nan: epilogue',
  ].join('')
  const expected = text.replace('a: b\r\ndrop: me', 'A: B').replace('c: d', 'C: D')

  test('are rewritten, and nothing else is, however the bytes arrive', async () => {
    for (let size = 1; size <= text.length; size += 1) assert.equal(await sent(text, size), expected, String(size))
  })

  test('of an answer that begins with an empty line or some words are rewritten too', async () => {
    assert.equal(await sent(`\r\n${text}`, 7), `\r\n${expected}`)
    assert.equal(await sent(`words\r\n${text}`, 7), `words\r\n${expected}`)
  })

  test('of an answer cut short leave as far as they came, and endless ones end it', async () => {
    assert.equal(await sent('--edge\r\na: b\r\n\r\nhalf', 3), '--edge\r\nA: B\r\n\r\nhalf')
    assert.equal(await sent('x', 1), 'x')
    await assert.rejects(sent(`--edge\r\na: ${'b'.repeat(20_000)}`, 1000))
  })

  test('are looked for only where the type says there are parts', () => {
    assert.equal(boundaryOf('multipart/related; boundary=b'), 'b')
    assert.equal(boundaryOf('Multipart/Related; type="application/dicom"; boundary="a b"; start=x'), 'a b')
    assert.equal(boundaryOf('application/dicom; boundary=b'), undefined)
    assert.equal(boundaryOf('multipart/related; type=x'), undefined)
  })
})
