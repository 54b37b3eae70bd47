import assert from 'node:assert/strict'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { formatRecord, parseRecord } from '@uthopp/audit/wire'
import { formatDecision } from '@uthopp/policy/authzen/decision'
import { isProblem } from '@uthopp/smart-core/problem'
import { answerOf } from '../policy-stub.ts'
import { furnish, type Loose, OUS, OUTSIDE, startWorld, type World } from '../world.ts'

describe('a decision point elsewhere', () => {
  let world: World
  let pdp: string
  const seen: { readonly authorization: string | undefined; readonly body: Loose }[] = []
  const elsewhere = { effect: 'permit' as 'permit' | 'deny', up: true }
  const server = http.createServer((req, res) => {
    if (req.method === 'GET') {
      res.writeHead(404).end() // it publishes nothing about itself
      return
    }
    let text = ''
    req.on('data', (piece: Buffer) => (text += piece.toString('utf8')))
    req.on('end', () => {
      const body: Loose = JSON.parse(text)
      seen.push({ authorization: req.headers.authorization, body })
      const said = elsewhere.effect === 'permit' ? {} : { reasonCode: 'no-care-relation' }
      const decision = formatDecision(answerOf(said))
      res.writeHead(elsewhere.up ? 200 : 500, {
        'content-type': 'application/json',
        'x-request-id': req.headers['x-request-id'] ?? '',
      })
      res.end(JSON.stringify('evaluations' in body ? { evaluations: body.evaluations.map(() => decision) } : decision))
    })
  })

  before(async () => {
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    const { port } = server.address() as AddressInfo // a TCP server has an address
    pdp = `http://127.0.0.1:${port}`
    world = await startWorld({ stage: 'enforce', pdp: () => pdp })
    furnish(world.upstream)
  })
  after(async () => {
    await world.close()
    server.closeAllConnections()
    server.close()
  })

  const read = async () => world.fhir('Observation/lab-a', await world.token())

  test('is asked over AuthZEN with a word of the gateway’s own that is good there only, and what it says counts (AZ-36)', async () => {
    assert.equal((await read()).status, 200)
    const keys = createLocalJWKSet((await world.at('/jwks.json')).json)
    for (const { authorization } of seen) {
      const { payload } = await jwtVerify(authorization?.replace(/^Bearer /, '') ?? '', keys, {
        issuer: OUTSIDE,
        subject: OUTSIDE,
        audience: pdp,
        typ: 'at+jwt',
        requiredClaims: ['exp', 'jti'],
      })
      assert.equal(payload['scope'], '__pdp.evaluate')
    }
    elsewhere.effect = 'deny'
    const denied = await read()
    assert.deepEqual([denied.status, denied.json.issue[0].details.coding[0].code], [403, 'no-care-relation'])
  })

  test('that fails opens nothing', async () => {
    elsewhere.effect = 'permit'
    elsewhere.up = false
    const answer = await read()
    assert.deepEqual([answer.status, answer.json.issue[0].details.coding[0].code], [503, 'pdp-unavailable'])
    const record = world.records.at(-1)
    assert.deepEqual([record?.outcome, record?.policy?.reasonCode], ['refused', 'pdp-unavailable'])
    assert.ok(record !== undefined && !isProblem(parseRecord(formatRecord(record))), 'and it can be written down')
  })
})

test('the issuer’s own decision point is asked with the token that the issuer gave for it (AZ-36)', async () => {
  const world = await startWorld({ stage: 'enforce', pdp: (issuer) => `${issuer}/pdp` })
  furnish(world.upstream)
  try {
    assert.equal((await world.fhir('Observation/lab-a', await world.token())).status, 200)
    assert.deepEqual([...new Set(world.issuer.decided)], [`Bearer pdp-of-${OUS}`])
    world.issuer.era = '-anew'
    const opened = async () => (await world.fhir('Observation/lab-a', await world.token())).status
    assert.equal(await opened(), 200, 'one that died is not brought again')
    world.issuer.decided.length = 0
    assert.equal(await opened(), 200)
    assert.deepEqual([...new Set(world.issuer.decided)], [`Bearer pdp-of-${OUS}-anew`])
  } finally {
    await world.close()
  }
})
