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
    caac: { address: `${origin}/1/caac`, authorization: () => Promise.resolve('Bearer of-a-service') },
    bearer: (at) => Promise.resolve(`for-${new URL(at).pathname}`),
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
    const rest = { bearer: () => Promise.resolve(''), timeoutMs: 1, now: () => new Date() }
    assert.equal(openElsewhere({ ...rest, pdp: undefined }), undefined)
    assert.equal(openElsewhere({ ...rest, pdp: 'https://a/1/pdp', own: 'https://a/1/pdp' }), undefined)
  })

  test('is spoken to in the words of the host at the address of the host, and over AuthZEN at any other (CE-46)', async () => {
    assert.deepEqual(await askedAt((origin) => `${origin}/1/caac/decide`), {
      asked: ['/1/caac/decide Bearer of-a-service'],
      said: 'deny pdp-unavailable',
    })
    assert.deepEqual(await askedAt((origin) => `${origin}/1/pdp`), {
      asked: ['/1/pdp/access/v1/evaluation Bearer for-/1/pdp'],
      said: 'deny pdp-unavailable',
    })
  })
})
