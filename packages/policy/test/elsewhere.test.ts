import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { openElsewhere } from '#src/elsewhere/open-elsewhere.ts'
import { toAsk } from './corpus.ts'
import { named } from './decision-point.contract.ts'

/** What reaches an address that knows nothing: the paths that were asked, and with which proof. */
async function askedAt(pdp: (origin: string) => string) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    if (request.method === 'POST') asked.push(`${request.url ?? ''} ${request.headers.authorization ?? ''}`)
    response.writeHead(500).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a TCP server that listens has one
  const point = openElsewhere({
    pdp: pdp(origin),
    caac: `${origin}/1/caac`,
    issuer: { pdp: `${origin}/1/pdp`, token: () => Promise.resolve('of-the-issuer'), forget: () => undefined },
    signed: (audience) => Promise.resolve(`Bearer of-its-own-for-${new URL(audience).pathname}`),
    timeoutMs: 2000,
    now: () => new Date(),
  })
  assert.ok(point)
  const { effect, reasonCode } = await point.decide(toAsk(named('team-reads-unlabelled')).ask)
  await point.close()
  await new Promise((resolve) => server.close(resolve))
  return { asked, said: `${effect} ${reasonCode}` }
}

describe('a decision point that the deployment names', () => {
  test('is none when nothing is named, and when the name is of whoever asks', () => {
    const rest = { signed: () => Promise.resolve(''), timeoutMs: 1, now: () => new Date() }
    assert.equal(openElsewhere({ ...rest, pdp: undefined }), undefined)
    assert.equal(openElsewhere({ ...rest, pdp: 'https://a/1/pdp', own: 'https://a/1/pdp' }), undefined)
  })

  test('is spoken to in the words of the host at the address of the host, and over AuthZEN at any other (CE-46)', async () => {
    assert.deepEqual(await askedAt((origin) => `${origin}/1/caac/decide`), {
      asked: ['/1/caac/decide Bearer of-its-own-for-/1/caac'],
      said: 'deny pdp-unavailable',
    })
    assert.deepEqual(await askedAt((origin) => `${origin}/1/pdp`), {
      asked: ['/1/pdp/access/v1/evaluation Bearer of-the-issuer'],
      said: 'deny pdp-unavailable',
    })
  })

  test('hears what the issuer gave only where the issuer itself decides; any other hears a word that names it (AZ-36)', async () => {
    for (const path of ['/2/pdp', '/1/pdp/', '/1/PDP', '/1/pdp/x', '/pdp', '/1/caac', '/2/caac/decide']) {
      const { asked } = await askedAt((origin) => `${origin}${path}`)
      assert.deepEqual(
        asked.map((each) => each.replace(/^\S+ /, '')),
        [`Bearer of-its-own-for-${path}`],
        path,
      )
    }
  })
})
