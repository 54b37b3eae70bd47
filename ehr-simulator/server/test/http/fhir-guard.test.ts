import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { DocumentReference, Patient, Practitioner } from '@medplum/fhirtypes'
import { generateSigningKey } from '@uthopp/server-kit/keys'
import { askFhir, assertLogTellsNobody, outcomeOf } from './fhir-client.ts'
import { AHUS, OUS, startHostWorld } from './host-world.ts'

const world = await startHostWorld()
after(() => world.close())
const ask = askFhir(world)
const ownTrust = world.host.trusts.get(OUS)
assert.ok(ownTrust)
const ownStore = ownTrust.store

describe('the guard of the FHIR door', () => {
  test('a bare read is 401 and tells nothing', async () => {
    for (const path of ['/Patient/cdp1004', '/Patient/nobody', '/Patient?name=hansen', '/metadata', '', '/Foo']) {
      const answer = await ask(path, { as: null })
      assert.equal(answer.status, 401, path)
      assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/)
      assert.equal(answer.headers.get('content-type'), 'application/fhir+json; charset=utf-8')
      assert.equal((await outcomeOf(answer)).issue[0]?.code, 'login')
    }
  })

  test('bare writes are 401 and change nothing', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      assert.equal(
        (await ask('/Patient/cdp1004', { as: null, method, body: { resourceType: 'Patient', id: 'cdp1004' } })).status,
        401,
      )
    }
    const patient = (await (await ask('/Patient/cdp1004')).json()) as Patient // read by id
    assert.equal(patient.meta?.versionId, '1')
  })

  test("the gateway's token opens the door of its trust", async () => {
    assert.equal((await ask('/Patient/cdp1004')).status, 200)
    assert.equal((await ask('/Patient/cdp2003', { orgnr: AHUS })).status, 200)
  })

  test('one trust knows nothing of the other', async () => {
    assert.equal((await ask('/Patient/cdp1004', { orgnr: AHUS })).status, 404)
    assert.equal((await ask('/Patient/cdp2003')).status, 404)
  })

  test('wrong, foreign, expired and forged tokens are 401', async () => {
    const { gateway, auth, launcher } = world.deployment.addresses
    const audience = `${world.address}/${OUS}/fhir`
    const stranger = await generateSigningKey('ES256')
    const good = await world.asGateway()
    const [head = '', body = '', signature = ''] = good.slice('Bearer '.length).split('.')
    const unsigned = `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${body}.`
    const hostile: Readonly<Record<string, string>> = {
      'of the other trust': await world.asGateway(AHUS),
      'for the directory': await world.forge({ issuer: gateway, audience: `${world.address}/${OUS}/directory` }),
      "for the gateway's own FHIR base": await world.forge({ issuer: gateway, audience: `${gateway}/${OUS}/fhir` }),
      'of the authorization server': await world.forge({ issuer: `${auth}/${OUS}`, audience }),
      'of the launcher': await world.forge({ issuer: launcher, audience }),
      'of an unknown key': await world.forge({ issuer: gateway, audience, key: stranger }),
      'from an hour ago': await world.forge({ issuer: gateway, audience, now: new Date(Date.now() - 3_600_000) }),
      'from tomorrow': await world.forge({ issuer: gateway, audience, now: new Date(Date.now() + 86_400_000) }),
      'without a signature': `Bearer ${unsigned}`,
      'with a changed signature': `Bearer ${head}.${body}.${signature.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'))}`,
      'that is none': 'Bearer x',
      'of another scheme': `Basic ${Buffer.from('gateway:x').toString('base64')}`,
    }
    for (const [name, as] of Object.entries(hostile))
      assert.equal((await ask('/Patient/cdp1004', { as })).status, 401, name)
  })

  test('what a caller puts into an address stands in no log line and names no metric', async () => {
    const word = '_somebodys-name'
    await fetch(`${world.address}/${OUS}/fhir/${word}/${word}/${word}`)
    assert.ok(world.logLines.every((line) => !line.includes(word)))
    assert.ok(!(await (await fetch(`${world.address}/metrics`)).text()).includes(word))
  })

  test('an address of no trust is not found, whoever asks', async () => {
    assert.equal(
      (
        await fetch(`${world.address}/123456789/fhir/Patient/cdp1004`, {
          headers: { authorization: await world.asGateway() },
        })
      ).status,
      404,
    )
  })
})

describe('the host session at the FHIR door', () => {
  const signIn = async (orgnr = OUS, username = 'nordmann') => {
    const answer = await fetch(`${world.address}/${orgnr}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: world.address },
      body: JSON.stringify({ username, password: 'uthopp-demo' }),
    })
    assert.ok(answer.ok, String(answer.status))
    return answer.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
  }

  test('reads, and only reads', async () => {
    const cookie = await signIn()
    assert.equal((await ask('/Patient/cdp1004', { as: null, headers: { cookie } })).status, 200)
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      assert.equal(
        (await ask('/Patient/cdp1004', { as: null, method, body: {}, headers: { cookie } })).status,
        401,
        method,
      )
    }
  })

  test('sees no more than the chart shows: other patients and blocked documents are as if they were not there', async () => {
    const read = async (path: string, cookie: string) => {
      const answer = await ask(path, { as: null, headers: { cookie } })
      const { issue } = (await answer.json()) as { issue?: readonly { details: unknown }[] } // a resource or an outcome
      return { status: answer.status, details: issue?.[0]?.details }
    }
    const [physician, kitchen] = [await signIn(), await signIn(OUS, 'krogh')]
    assert.equal((await read('/Patient/cdp1004', kitchen)).status, 404)
    assert.equal((await read('/Patient/cdp1006', physician)).status, 404)
    assert.deepEqual(await read('/Patient/cdp1006', physician), await read('/Patient/cdp9', physician))
    const blocked = await ownStore.findAll<DocumentReference>(
      'DocumentReference?patient=cdp1007&_security=urn:oid:2.16.578.1.12.4.1.1.9603|NORS',
    )
    assert.equal(blocked.length > 0, true)
    for (const { id } of blocked) assert.equal((await read(`/DocumentReference/${id}`, physician)).status, 404)
    assert.equal((await read('/Practitioner/stf104', kitchen)).status, 200)
  })

  test('reads who works here without their national ids (norway.md 5.3.4)', async () => {
    const cookie = await signIn(OUS, 'krogh')
    const answer = await ask('/Practitioner/stf101', { as: null, headers: { cookie } })
    const { identifier = [], name } = (await answer.json()) as Practitioner
    assert.deepEqual(
      identifier.map(({ value }) => value),
      ['999000101'],
    )
    assert.equal(name?.[0]?.family, 'Nordmann')
    const kept = await ownStore.readResource<Practitioner>('Practitioner', 'stf101')
    assert.equal(kept.identifier?.length, 2)
  })

  test('reads nothing that no patient and no directory has: a Device names its patient too', async () => {
    const cookie = await signIn()
    await ownStore.updateResource({
      resourceType: 'Device',
      id: 'dev-other',
      patient: { reference: 'Patient/cdp1006' },
    })
    assert.equal((await ask('/Device/dev-other', { as: null, headers: { cookie } })).status, 404)
    assert.equal((await ask('/Organization/aks101', { as: null, headers: { cookie } })).status, 200)
  })

  test('searches nothing and reads no history: those are decided row by row at the gateway', async () => {
    const cookie = await signIn()
    for (const path of [
      '/Patient?name=hansen',
      '/Patient',
      '/Patient/cdp1004/_history',
      '/Patient/cdp1004?_format=json',
    ])
      assert.equal((await ask(path, { as: null, headers: { cookie } })).status, 403, path)
  })

  test('does not open the other trust, nor answer a page that is not the host', async () => {
    const cookie = await signIn()
    assert.equal((await ask('/Patient/cdp2003', { as: null, orgnr: AHUS, headers: { cookie } })).status, 401)
    for (const site of ['same-site', 'cross-site']) {
      assert.equal(
        (await ask('/Patient/cdp1004', { as: null, headers: { cookie, 'sec-fetch-site': site } })).status,
        401,
      )
    }
    assert.equal(
      (
        await ask('/Patient/cdp1004', {
          as: null,
          headers: { cookie: '__Host-uthopp-993467049=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' },
        })
      ).status,
      401,
    )
  })

  test('of a citizen opens nothing here', async () => {
    const cookie = await signIn(OUS, 'hansen').catch(() => '')
    assert.equal((await ask('/Patient/cdp1004', { as: null, headers: { cookie } })).status, 401)
  })

  test('does not save a bad token', async () => {
    const cookie = await signIn()
    assert.equal((await ask('/Patient/cdp1004', { as: 'Bearer x', headers: { cookie } })).status, 401)
  })
})

test('the log of all this holds no name, no national id, no token and no id', () => assertLogTellsNobody(world))
