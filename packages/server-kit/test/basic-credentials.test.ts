import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readBasic } from '#src/basic-credentials.ts'
import { sameText } from '#src/same-text.ts'

const basic = (text: string, scheme = 'Basic'): string => `${scheme} ${Buffer.from(text).toString('base64')}`

test('client credentials are read as RFC 6749 encodes them', () => {
  for (const [header, id, secret] of [
    [basic('app-1:s3cret'), 'app-1', 's3cret'],
    [basic('app%2D1:a%3Ab+c', 'basic'), 'app-1', 'a:b c'],
    [basic('app:with:colons'), 'app', 'with:colons'],
    [basic('app:'), 'app', ''],
    [basic(':secret'), '', 'secret'],
    [basic('app'), 'app', undefined],
  ] as const)
    assert.deepEqual(readBasic(header), { id, secret }, header)
})

test('what holds no client credentials is none', () => {
  for (const header of [
    '',
    'Basic',
    'Basic ',
    'Basic %%%',
    'Bearer YTpi',
    'xBasic YTpi',
    'Basic YTpi x',
    basic('a%:b'),
    basic('a:%zz'),
  ])
    assert.equal(readBasic(header), undefined, header)
})

test('texts are the same only where all of them is', () => {
  assert.ok(sameText('', ''))
  assert.ok(sameText('blåbær', 'blåbær'))
  for (const other of ['', 'blåbæ', 'blåbær ', 'blåbæR', 'Blåbær']) assert.ok(!sameText('blåbær', other), other)
})
