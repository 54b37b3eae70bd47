import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { AHUS, OUS, startHostWorld } from './host-world.ts'

const world = await startHostWorld()
after(() => world.close())

describe('the host', () => {
  test('is ready when it listens', async () => {
    assert.equal((await fetch(`${world.address}/health/ready`)).status, 200)
    assert.equal((await fetch(`${world.address}/health/live`)).status, 200)
  })

  test('publishes one public key a trust, each its own, and nothing private', async () => {
    const keys = await Promise.all(
      [OUS, AHUS].map(
        async (orgnr) =>
          (await (await fetch(`${world.address}/${orgnr}/jwks.json`)).json()) as { keys: Record<string, string>[] },
      ), // RFC 7517
    )
    assert.deepEqual(
      keys.map(({ keys: each }) => each.length),
      [1, 1],
    )
    assert.notEqual(keys[0]?.keys[0]?.['kid'], keys[1]?.keys[0]?.['kid'])
    for (const { keys: each } of keys) {
      assert.equal(each[0]?.['alg'], 'ES256')
      assert.equal(each[0]?.['d'], undefined)
    }
    assert.equal((await fetch(`${world.address}/123456789/jwks.json`)).status, 404)
  })

  test('sends the bare address of a trust to its page, and knows no other trust', async () => {
    const answer = await fetch(`${world.address}/${OUS}`, { redirect: 'manual' })
    assert.equal(answer.status, 308)
    assert.equal(answer.headers.get('location'), `/${OUS}/`)
    for (const path of ['/123456789', '/123456789/']) {
      const unknown = await fetch(`${world.address}${path}`, { redirect: 'manual' })
      assert.equal(unknown.status, 404)
      assert.match(await unknown.text(), /finnes ikke her.*href="\/993467049\/"/s)
    }
  })

  test('leads from its root to the work surface of each trust, on a page that runs nothing', async () => {
    const page = await fetch(`${world.address}/`)
    assert.equal(page.status, 200)
    assert.match(page.headers.get('content-security-policy') ?? '', /^default-src 'none'; style-src 'sha256-/)
    const text = await page.text()
    for (const orgnr of [OUS, AHUS]) assert.ok(text.includes(`href="/${orgnr}/"`))
    assert.match(text, /<html lang="nb">/)
    assert.equal((await fetch(`${world.address}/`, { method: 'POST' })).status, 404)
  })

  test('refuses what it does not know in the shape of every refusal', async () => {
    const answer = await fetch(`${world.address}/${OUS}/nothing`)
    assert.equal(answer.status, 404)
    const body = (await answer.json()) as Record<string, unknown> // a refusal
    assert.deepEqual(Object.keys(body).toSorted(), ['correlation_id', 'error', 'error_description'])
  })

  test('starts with the charts of its trusts, once', async () => {
    const store = world.host.trusts.get(OUS)?.store
    assert.ok(await store?.find('Patient', 'cdp1004'))
    assert.ok(await store?.note('seeded'))
  })
})
