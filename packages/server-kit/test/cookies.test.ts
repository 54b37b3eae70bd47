import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { formatCookie, parseCookies } from '#src/cookies.ts'

describe('cookies', () => {
  test('are written with exactly the attributes asked for', () => {
    assert.equal(
      formatCookie('__Host-launch-a', 'v', {
        path: '/',
        maxAgeSeconds: 60,
        httpOnly: true,
        secure: true,
        sameSite: 'None',
        partitioned: true,
      }),
      '__Host-launch-a=v; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=None; Partitioned',
    )
    assert.equal(
      formatCookie('s', '', { path: '/x', maxAgeSeconds: 0, httpOnly: false, secure: false, sameSite: 'Strict' }),
      's=; Path=/x; Max-Age=0; SameSite=Strict',
    )
  })

  test('cannot be broken out of', () => {
    const attributes = { path: '/', httpOnly: true, secure: true, sameSite: 'Lax' } as const
    for (const value of ['a;b', 'a b', 'a\r\nset-cookie: x', 'å', 'a,b', 'a"b', 'a\\b']) {
      assert.throws(() => formatCookie('n', value, attributes), value)
    }
    assert.throws(() => formatCookie('n=x', 'v', attributes))
  })

  test('are read; of two with one name neither counts', () => {
    assert.deepEqual(
      [...parseCookies('a=1; b=x=y; d=3; d=3; =z; c; e=1;e=2;e=3')],
      [
        ['a', '1'],
        ['b', 'x=y'],
      ],
    )
    assert.deepEqual([...parseCookies(undefined)], [])
  })
})
