import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { before, describe, test } from 'node:test'
import type { JWK } from 'jose'
import { generateSigningKey } from '@uthopp/server-kit/keys'
import { createKeySets } from '#src/clients/key-sets.ts'
import { addressFault, isSpecialAddress } from '#src/registration/address.ts'
import { FetchRefused, fetchGuarded } from '#src/registration/guarded-fetch.ts'

async function serving<T>(handler: RequestListener, work: (origin: string) => Promise<T>): Promise<T> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) // a TCP server that listens has one
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

describe('fetching a key set', () => {
  test('takes this machine’s in the demo world only', () =>
    serving(
      (_req, res) => res.writeHead(200, { 'cache-control': 'max-age=60' }).end('{"keys":[]}'),
      async (origin) => {
        assert.deepEqual(await fetchGuarded(origin, 'demo'), { body: '{"keys":[]}', cacheControl: 'max-age=60' })
        await assert.rejects(fetchGuarded(origin, 'production'), FetchRefused)
      },
    ))

  test('follows no redirect', () =>
    serving(
      (_req, res) => res.writeHead(302, { location: '/elsewhere' }).end(),
      (origin) => assert.rejects(fetchGuarded(origin, 'demo'), FetchRefused),
    ))

  test('stops at 64 kB', () =>
    serving(
      (_req, res) => res.writeHead(200).end('x'.repeat(70_000)),
      (origin) => assert.rejects(fetchGuarded(origin, 'demo'), /too large/),
    ))

  test('waits no longer than its time', { timeout: 10_000 }, () =>
    serving(
      () => undefined,
      (origin) => assert.rejects(fetchGuarded(origin, 'demo'), FetchRefused),
    ),
  )

  test('asks an address the deployment names wherever it is, and follows no redirect there either', async () => {
    const answering: RequestListener = (req, res) =>
      req.url === '/moved' ? res.writeHead(302, { location: '/jwks' }).end() : res.end('{"keys":[]}')
    await serving(answering, async (origin) => {
      const address = origin.replace('localhost', '127.0.0.1')
      assert.equal((await fetchGuarded(`${address}/jwks`, 'named')).body, '{"keys":[]}')
      await assert.rejects(fetchGuarded(`${address}/moved`, 'named'), FetchRefused)
      await assert.rejects(fetchGuarded(`${address}/jwks`, 'production'), FetchRefused)
    })
  })

  test('never asks private or metadata addresses, however they are written', async () => {
    for (const address of [
      '10.1.2.3',
      '127.0.0.1',
      '169.254.169.254',
      '192.168.1.1',
      '172.20.0.1',
      '100.64.0.1',
      '0.0.0.0',
      '::1',
      '::',
      'fd00::1',
      'fe80::1',
      '::ffff:169.254.169.254',
      '::ffff:a9fe:a9fe',
      '64:ff9b::a9fe:a9fe',
      '2002:a9fe:a9fe::1',
      'no address',
    ])
      assert.equal(isSpecialAddress(address), true, address)
    for (const address of ['8.8.8.8', '193.213.112.4', '2a02:26f0::1'])
      assert.equal(isSpecialAddress(address), false, address)
    for (const url of [
      'https://169.254.169.254/latest',
      'https://10.0.0.1/jwks',
      'https://[::1]/jwks',
      'https://localhost/jwks',
    ])
      await assert.rejects(fetchGuarded(url, 'production'), FetchRefused)
  })

  test('a loopback address cannot be registered in production', () => {
    assert.equal(addressFault('http://localhost:4101/', 'demo'), undefined)
    assert.notEqual(addressFault('http://localhost:4101/', 'production'), undefined)
    assert.notEqual(addressFault('https://localhost/', 'production'), undefined)
    assert.equal(addressFault('https://app.example.org/launch?x=1', 'production'), undefined)
  })
})

describe('the key sets of clients', () => {
  let made: JWK
  before(async () => {
    made = (await generateSigningKey('ES256')).publicJwk
  })
  const key = (kid: string) => JSON.stringify({ keys: [{ ...made, kid }] })
  const ec = (kid: string) => ({ kid, kty: 'EC' }) as const

  test('ask again for an unknown key, though not more often than every two seconds while it stays unknown', async () => {
    let at = 0
    let published = key('one')
    let asked = 0
    const sets = createKeySets(
      async () => ({ body: published, cacheControl: 'max-age=3600', asked: (asked += 1) }),
      () => new Date(at),
      () => undefined,
    )
    const kids = async (kid: string) => (await sets.find('https://a.test', ec(kid))).keys.map((found) => found.kid)
    assert.deepEqual(await kids('one'), ['one'])
    published = key('two')
    assert.deepEqual(await kids('two'), ['two'])
    assert.deepEqual(await kids('invented'), ['two'])
    assert.equal(asked, 3)
    published = key('three')
    assert.deepEqual(await kids('invented'), ['two'])
    assert.deepEqual(await kids('two'), ['two'])
    assert.equal(asked, 3)
    at = 2000
    assert.deepEqual(await kids('three'), ['three'])
    assert.equal(asked, 4)
  })

  test('keep nothing longer than Cache-Control allows (SAL-165)', async () => {
    for (const cacheControl of ['no-store', 'max-age=0', 'no-cache', '']) {
      let published = key('one')
      let asked = 0
      const sets = createKeySets(
        async () => ({ body: published, cacheControl, asked: (asked += 1) }),
        () => new Date(0),
        () => undefined,
      )
      await sets.find('https://a.test', ec('one'))
      published = key('two')
      assert.deepEqual((await sets.find('https://a.test', ec('two'))).keys.length, 1)
      assert.deepEqual((await sets.find('https://a.test', ec('one'))).keys[0]?.kid, 'two')
      assert.equal(asked, 3)
    }
  })

  test('hold the keys that can be used; the others may serve purposes of the app’s own (SAL-163)', async () => {
    const odd = [
      { ...made, kid: 'a', d: 'secret' },
      { kty: 'RSA', kid: 'b' },
      { kty: 'oct', k: 'x', kid: 'c' },
      7,
      null,
    ]
    const sets = createKeySets(
      async () => ({ body: JSON.stringify({ keys: [...odd, { ...made, kid: 'good' }] }), cacheControl: '' }),
      () => new Date(0),
      () => undefined,
    )
    assert.deepEqual(
      (await sets.find('https://a.test', ec('good'))).keys.map((found) => found.kid),
      ['good'],
    )
  })

  test('leave an address alone for two seconds after it did not answer', async () => {
    let at = 0
    let asked = 0
    const sets = createKeySets(
      async () => {
        asked += 1
        throw new Error('no answer')
      },
      () => new Date(at),
      () => undefined,
    )
    await assert.rejects(sets.find('https://a.test', ec('one')))
    await assert.rejects(sets.find('https://a.test', ec('one')))
    assert.equal(asked, 1)
    at = 2000
    await assert.rejects(sets.find('https://a.test', ec('one')))
    assert.equal(asked, 2)
  })

  test('are asked for once by assertions that arrive together', async () => {
    let asked = 0
    const sets = createKeySets(
      async () => ({ body: key('one'), cacheControl: 'no-store', asked: (asked += 1) }),
      () => new Date(0),
      () => undefined,
    )
    await Promise.all(Array.from({ length: 8 }, () => sets.find('https://a.test', ec('one'))))
    assert.equal(asked, 1)
  })
})
