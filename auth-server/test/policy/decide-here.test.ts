import assert from 'node:assert/strict'
import { createServer, type ServerResponse } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLocalJWKSet, jwtVerify } from 'jose'
import type { Ask } from '@uthopp/policy/decision-point'
import { generateSigningKey, publicJwks } from '@uthopp/server-kit/keys'
import { createLog } from '@uthopp/server-kit/log'
import { parseDeployment } from '@uthopp/server-kit/read-deployment'
import { createServiceSigner } from '@uthopp/server-kit/service-token'
import { createLaunchEvents } from '#src/launch/events.ts'
import { decideWithHost } from '#src/policy/decide-here.ts'
import type { OpenedPolicy } from '#src/policy/open-policy.ts'

const OUS = '993467049'
const ASK: Ask = {
  subject: { kind: 'clinician', id: 'stf101', role: 'agb101' },
  circumstance: {
    tenant: OUS,
    clientId: 'nutrition',
    zone: 'internal',
    mayWrite: true,
    senderConstrained: false,
    launchBound: true,
    launchPatient: 'cdp1001',
    grants: [],
    acr: 3,
    purpose: 'TREAT',
    decision: null,
    correlationId: 'c'.repeat(32),
    traceparent: `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`,
  },
  question: {
    action: 'grantScope',
    scope: { level: 'patient', type: 'Observation', letter: 'r', categories: [], registered: true },
  },
}

/** A host that says what it knows, and of whom it is different now. */
async function startHost() {
  const state = { inCareTeam: true, down: false, silent: false, sequence: 1, asked: 0 }
  const streams = new Set<ServerResponse>()
  const say = (line: Readonly<Record<string, unknown>>) => {
    for (const stream of streams) stream.write(`${JSON.stringify({ ...line, sequence: `e.${state.sequence}` })}\n`)
  }
  const beat = setInterval(() => {
    if (!state.silent) say({ kind: 'heartbeat' })
  }, 50)
  const server = createServer((req, res) => {
    if (!/^Bearer \S+$/.test(req.headers.authorization ?? '')) return void res.writeHead(401).end()
    if (req.url?.startsWith(`/${OUS}/facts/changes`)) {
      res.writeHead(200, { 'content-type': 'application/x-ndjson' })
      res.flushHeaders()
      streams.add(res)
      return undefined
    }
    if (state.down) return void res.writeHead(500).end()
    state.asked += 1
    const role = {
      id: 'agb101',
      kind: 'physician',
      acute: true,
      unit: 'u1',
      units: ['u1'],
      department: 'd',
      organization: OUS,
    }
    const user = { id: 'stf101', kind: 'clinician', employed: true, licence: { active: true, profession: 'LE' }, role }
    const patient = {
      patient: 'cdp1001',
      epoch: `e.${state.sequence}`,
      in_care_team: state.inCareTeam,
      contact_units: [],
      self: false,
      decisions: [],
      blocks: [],
    }
    return void res
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ at: new Date().toISOString(), user, patients: [patient] }))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the host has no port')
  return {
    state,
    origin: `http://127.0.0.1:${address.port}`,
    change() {
      state.sequence += 1
      say({ kind: 'patient', id: 'cdp1001', epoch: `e.${state.sequence}` })
    },
    close() {
      clearInterval(beat)
      server.close()
      server.closeAllConnections()
    },
  }
}

async function until(true_: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await true_()) return
    await sleep(50)
  }
  throw new Error('it never came to be')
}

test('a decision point of somebody else’s hears a word of the issuer’s own that is good there only (AZ-36)', async () => {
  const brought: string[] = []
  const elsewhere = createServer((req, res) => {
    if (req.method === 'POST') brought.push(req.headers.authorization ?? '')
    res.writeHead(404).end()
  })
  await new Promise<void>((resolve) => {
    elsewhere.listen(0, '127.0.0.1', resolve)
  })
  const address = elsewhere.address()
  if (address === null || typeof address === 'string') throw new Error('it has no port')
  const pdp = `http://127.0.0.1:${address.port}/pdp`
  const own = 'http://127.0.0.1:9'
  const deployment = parseDeployment({
    world: 'demo',
    addresses: { auth: own, host: own, launcher: own, gateway: own },
    trusts: [{ orgnr: OUS, name: 'Oslo universitetssykehus HF', shortName: 'OUS', policy: { pdp } }],
  })
  const [trust] = deployment.trusts
  if (trust === undefined) throw new Error('one trust was given')
  const issuer = `${own}/${OUS}`
  const key = await generateSigningKey('ES256')
  const log = createLog({ name: 'auth', write: () => undefined })
  const stopping = new AbortController()
  const { point } = decideWithHost(deployment)({
    trust,
    signer: createServiceSigner({ key, issuer }),
    log,
    events: createLaunchEvents(log, OUS),
    now: () => new Date(),
    stopping: stopping.signal,
  })
  assert.equal((await point.decide(ASK)).reasonCode, 'pdp-unavailable')
  const keys = createLocalJWKSet(publicJwks([key]))
  const { payload } = await jwtVerify(brought[0]?.replace(/^Bearer /, '') ?? '', keys, { issuer, audience: pdp })
  assert.equal(payload['scope'], '__pdp.evaluate')
  stopping.abort()
  elsewhere.close()
  elsewhere.closeAllConnections()
})

describe('deciding with the facts of the host', () => {
  let host: Awaited<ReturnType<typeof startHost>>
  let policy: OpenedPolicy
  const stopping = new AbortController()
  const lines: string[] = []
  const effect = async () => (await policy.point.decide(ASK)).effect
  const reason = async () => (await policy.point.decide(ASK)).reasonCode

  before(async () => {
    host = await startHost()
    const deployment = parseDeployment({
      world: 'demo',
      addresses: { auth: host.origin, host: host.origin, launcher: host.origin, gateway: host.origin },
      trusts: [{ orgnr: OUS, name: 'Oslo universitetssykehus HF', shortName: 'OUS' }],
    })
    const [trust] = deployment.trusts
    if (trust === undefined) throw new Error('one trust was given')
    const issuer = `${host.origin}/${OUS}`
    const log = createLog({ name: 'auth', write: (line) => lines.push(line) })
    policy = decideWithHost(deployment)({
      trust,
      signer: createServiceSigner({ key: await generateSigningKey('ES256'), issuer }),
      log,
      events: createLaunchEvents(log, OUS),
      now: () => new Date(),
      stopping: stopping.signal,
    })
    assert.notEqual(policy.point.ready(), undefined, 'nobody has been heard yet')
  })
  after(() => {
    stopping.abort()
    host.close()
  })

  test('permits what they say, once the host is heard, and asks once while nothing changes', async () => {
    await until(async () => (await effect()) === 'permit')
    assert.equal(policy.point.ready(), undefined)
    const before = host.state.asked
    assert.equal(await effect(), 'permit')
    assert.equal(host.state.asked, before)
  })

  test('hears of a change at once', async () => {
    host.state.inCareTeam = false
    host.change()
    await until(async () => (await reason()) === 'no-care-relation')
    host.state.inCareTeam = true
    host.change()
    await until(async () => (await effect()) === 'permit')
  })

  test('denies as undecided when the host does not answer', async () => {
    host.state.down = true
    host.change()
    await until(async () => (await reason()) === 'facts-unavailable')
    host.state.down = false
    await until(async () => (await effect()) === 'permit')
  })

  test('leans on nothing it knows while the host is silent', async () => {
    host.state.silent = true
    await until(async () => (await reason()) === 'facts-unavailable')
    assert.match(policy.warnings().join(), /does not say what changes/)
    assert.equal(policy.point.ready(), undefined, 'what else is done here goes on')
    host.state.silent = false
    await until(async () => (await effect()) === 'permit')
  })

  test('tells of its rules, and of no case', () => {
    assert.ok(lines.some((line) => line.includes('policy-rules-loaded')))
    assert.ok(lines.every((line) => !line.includes('cdp1001') && !line.includes('stf101')))
    assert.deepEqual(policy.warnings(), [])
  })
})
