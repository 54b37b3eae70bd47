import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { Bundle, OperationOutcome, Patient } from '@medplum/fhirtypes'
import { generateSigningKey } from '@uthopp/server-kit/keys'
import { AHUS, OUS, startHostWorld } from './host-world.ts'

const world = await startHostWorld()
after(() => world.close())

type Asked = {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly orgnr?: string
  readonly as?: string | null
}

async function ask(
  path: string,
  { method = 'GET', body, headers = {}, orgnr = OUS, as }: Asked = {},
): Promise<Response> {
  const authorization = as === null ? {} : { authorization: as ?? (await world.asGateway(orgnr)) }
  const content = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
  const type = body === undefined ? {} : { 'content-type': 'application/fhir+json' }
  return fetch(`${world.address}/${orgnr}/fhir${path}`, {
    method,
    ...content,
    headers: { ...type, ...authorization, ...headers },
  })
}
const outcomeOf = async (answer: Response) => (await answer.json()) as OperationOutcome // what the door answers a refusal with

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
          headers: { cookie: 'uthopp-session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' },
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

describe('reading over HTTP', () => {
  test('a resource has its version as ETag and answers 304 to who has it', async () => {
    const answer = await ask('/Patient/cdp1004')
    assert.equal(answer.headers.get('etag'), 'W/"1"')
    assert.ok(answer.headers.get('last-modified'))
    assert.equal((await ask('/Patient/cdp1004', { headers: { 'if-none-match': 'W/"1"' } })).status, 304)
    assert.equal((await ask('/Patient/cdp1004', { headers: { 'if-none-match': 'W/"2"' } })).status, 200)
    assert.equal((await ask('/Patient/cdp1004', { method: 'HEAD' })).status, 200)
  })

  test('addresses in a Bundle are absolute and of this store', async () => {
    const bundle = (await (await ask('/Observation?patient=cdp1001&_count=2')).json()) as Bundle // a search
    const base = `${world.address}/${OUS}/fhir/`
    for (const { url } of bundle.link ?? []) assert.ok(url.startsWith(`${base}Observation?`))
    for (const { fullUrl, resource } of bundle.entry ?? []) assert.equal(fullUrl, `${base}Observation/${resource?.id}`)
  })

  test('a search by POST is the same search', async () => {
    const form = {
      method: 'POST',
      body: 'patient=cdp1001&_count=2&_sort=-date',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }
    const posted = (await (await ask('/Observation/_search', form)).json()) as Bundle // as above
    const asked = (await (await ask('/Observation?patient=cdp1001&_count=2&_sort=-date')).json()) as Bundle
    assert.deepEqual(posted, asked)
    const inCompartment = (await (
      await ask('/Patient/cdp1001/Observation/_search', { ...form, body: '_summary=count' })
    ).json()) as Bundle
    assert.ok((inCompartment.total ?? 0) > 0)
  })

  test('XML is 406, every spelling of JSON is not', async () => {
    for (const accept of ['application/fhir+xml', 'text/html', 'application/xml;q=0.9'])
      assert.equal((await ask('/Patient/cdp1004', { headers: { accept } })).status, 406)
    assert.equal((await ask('/Patient/cdp1004?_format=xml')).status, 406)
    for (const accept of ['application/fhir+json', 'application/json', '*/*', 'text/html, application/*;q=0.8'])
      assert.equal((await ask('/Patient/cdp1004', { headers: { accept } })).status, 200)
    assert.equal((await ask('/Patient/cdp1004?_format=json', { headers: { accept: 'text/html' } })).status, 200)
  })

  test('a Bundle longer than others should wait for is refused', async () => {
    const entry = Array.from({ length: 301 }, () => ({ request: { method: 'GET', url: 'Patient/cdp1004' } }))
    assert.equal(
      (await ask('', { method: 'POST', body: { resourceType: 'Bundle', type: 'batch', entry } })).status,
      400,
    )
  })

  test('an address too long to be honest is refused', async () => {
    const answer = await ask(`/Patient?name=${'a'.repeat(15_999)}`)
    assert.ok(answer.status === 414 || answer.status === 431)
  })
})

describe('writing over HTTP', () => {
  const observation = {
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'Notat' },
    subject: { reference: 'Patient/cdp1004' },
  }

  test('create chooses the id, whatever the client wished, and says where', async () => {
    const answer = await ask('/Observation', { method: 'POST', body: { ...observation, id: 'mine' } })
    assert.equal(answer.status, 201)
    const kept = (await answer.json()) as { id: string } // the created resource
    assert.notEqual(kept.id, 'mine')
    assert.equal(answer.headers.get('location'), `${world.address}/${OUS}/fhir/Observation/${kept.id}/_history/1`)
  })

  test('update makes 201 the first time and 200 after, and honours If-Match', async () => {
    const body = { ...observation, id: 'upd' }
    assert.equal((await ask('/Observation/upd', { method: 'PUT', body })).status, 201)
    assert.equal((await ask('/Observation/upd', { method: 'PUT', body, headers: { 'if-match': 'W/"1"' } })).status, 200)
    assert.equal((await ask('/Observation/upd', { method: 'PUT', body, headers: { 'if-match': 'W/"1"' } })).status, 412)
    assert.equal((await ask('/Observation/upd', { method: 'PUT', body, headers: { 'if-match': '*' } })).status, 400)
    assert.equal((await ask('/Observation/other', { method: 'PUT', body })).status, 400)
    assert.equal((await ask('/Patient/upd', { method: 'PUT', body })).status, 400)
  })

  test('create with If-None-Exist happens once, and is 412 when the condition is loose', async () => {
    const body = { ...observation, identifier: [{ system: 'urn:test', value: 'once' }] }
    const headers = { 'if-none-exist': 'identifier=urn:test|once' }
    const statuses = await Promise.all(
      Array.from({ length: 5 }, async () => (await ask('/Observation', { method: 'POST', body, headers })).status),
    )
    assert.deepEqual(statuses.filter((status) => status === 201).length, 1)
    assert.deepEqual(statuses.filter((status) => status === 200).length, 4)
    assert.equal(
      (await ask('/Observation', { method: 'POST', body, headers: { 'if-none-exist': 'status=final' } })).status,
      412,
    )
    for (const condition of ['?', '_count=1', 'foo=bar']) {
      assert.equal(
        (await ask('/Observation', { method: 'POST', body, headers: { 'if-none-exist': condition } })).status,
        400,
      )
    }
  })

  test('conditional update and delete act on the one match', async () => {
    const body = { ...observation, identifier: [{ system: 'urn:test', value: 'cond' }] }
    assert.equal((await ask('/Observation?identifier=urn:test|cond', { method: 'PUT', body })).status, 201)
    assert.equal((await ask('/Observation?identifier=urn:test|cond', { method: 'PUT', body })).status, 200)
    assert.equal(
      (await ask('/Observation?identifier=urn:test|cond', { method: 'PUT', body: { ...body, id: 'another' } })).status,
      400,
    )
    assert.equal((await ask('/Observation?identifier=urn:test|cond', { method: 'DELETE' })).status, 204)
    assert.equal((await ask('/Observation?identifier=urn:test|cond', { method: 'DELETE' })).status, 404)
    assert.equal((await ask('/Observation', { method: 'DELETE' })).status, 400)
    assert.equal((await ask('/Observation?status=final', { method: 'DELETE' })).status, 412)
  })

  test('there is no PATCH here: the gateway applies patches and puts what comes of them', async () => {
    const body = [{ op: 'replace', path: '/gender', value: 'unknown' }]
    const answer = await ask('/Patient/cdp1004', {
      method: 'PATCH',
      body,
      headers: { 'content-type': 'application/json-patch+json' },
    })
    assert.equal(answer.status, 405)
    const statement = JSON.stringify(await (await ask('/metadata')).json())
    assert.ok(!statement.toLowerCase().includes('patch'))
  })

  test('a deleted resource is gone, and its history tells', async () => {
    await ask('/Observation/del', { method: 'PUT', body: { ...observation, id: 'del' } })
    assert.equal((await ask('/Observation/del', { method: 'DELETE' })).status, 204)
    assert.equal((await ask('/Observation/del')).status, 410)
    const history = (await (await ask('/Observation/del/_history')).json()) as Bundle // of an instance
    assert.deepEqual(
      history.entry?.map(({ request }) => request?.method),
      ['DELETE', 'POST'],
    )
    assert.equal((await ask('/Observation/del/_history/1')).status, 200)
    assert.equal((await ask('/Observation/_history?_count=1')).status, 200)
    assert.equal((await ask('/Observation/del/_history?foo=1')).status, 400)
  })

  test('the history of a patient is not mistaken for a compartment', async () => {
    const history = (await (await ask('/Patient/cdp1004/_history')).json()) as Bundle // of an instance
    assert.equal(history.type, 'history')
    assert.equal(history.entry?.length, 1)
    assert.equal((await ask('/Patient/cdp1004/_history/1')).status, 200)
  })

  test('Prefer chooses what comes back', async () => {
    const send = (prefer: string) => ask('/Observation', { method: 'POST', body: observation, headers: { prefer } })
    const minimal = await send('return=minimal')
    assert.equal(minimal.status, 201)
    assert.equal(await minimal.text(), '')
    assert.equal((await outcomeOf(await send('return=OperationOutcome'))).resourceType, 'OperationOutcome')
  })

  test('what is not FHIR is refused with the place that is wrong', async () => {
    const wrong = await ask('/Patient', { method: 'POST', body: { resourceType: 'Patient', gender: 'mann' } })
    assert.equal(wrong.status, 400)
    const outcome = await outcomeOf(wrong)
    assert.deepEqual(outcome.issue[0]?.expression, ['Patient.gender'])
    assert.match(outcome.issue[0]?.diagnostics ?? '', /correlation id [0-9a-f]{32}/)
    for (const body of [
      '{',
      '[]',
      'null',
      '"x"',
      { resourceType: 'Observation' },
      { resourceType: 'Patient', foo: 1 },
      { resourceType: 'Patient', active: 'yes' },
    ]) {
      assert.equal((await ask('/Patient', { method: 'POST', body })).status, 400, JSON.stringify(body))
    }
  })

  test('a body made to break whoever reads it is refused, not a fault of ours', async () => {
    const deep = `{"resourceType":"Patient","extension":${'[{"url":"x","extension":'.repeat(20_000)}[]${'}]'.repeat(20_000)}}`
    for (const body of [
      deep,
      `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
      '{"resourceType":"Patient","__proto__":{"active":true}}',
      '{"resourceType":"Patient","constructor":{"prototype":{}}}',
      '{"resourceType":"__proto__"}',
      '{"resourceType":"Patient","id":{"a":1}}',
      '{"resourceType":"Patient","meta":[]}',
      '{"resourceType":"Patient","meta":{"tag":"x"}}',
      '{"resourceType":"Patient","name":{"family":"x"}}',
      '{"resourceType":"Patient","contained":[{"resourceType":"Foo"}]}',
      '{"resourceType":"Patient","contained":[1]}',
    ]) {
      const answer = await ask('/Patient', { method: 'POST', body })
      assert.equal(answer.status, 400, `${body.slice(0, 60)} ${await answer.text()}`)
    }
  })

  test('bodies of the wrong kind or size are refused', async () => {
    assert.equal(
      (
        await ask('/Patient', {
          method: 'POST',
          body: '<Patient/>',
          headers: { 'content-type': 'application/fhir+xml' },
        })
      ).status,
      415,
    )
    const large = { resourceType: 'Patient', name: [{ text: 'x'.repeat(1024 * 1024) }] }
    assert.equal((await ask('/Patient', { method: 'POST', body: large })).status, 413)
  })

  test('operations and unknown addresses are not found', async () => {
    for (const path of [
      '/Patient/cdp1004/$everything',
      '/$graphql',
      '/Patient/$validate',
      '/Foo/1',
      '/Patient/cdp1004/_history/x',
      '/Patient/1/2/3/4/5',
      '/../../etc/passwd',
    ]) {
      const answer = await ask(path)
      assert.ok(answer.status === 404 || answer.status === 400, `${path} ${answer.status}`)
    }
    assert.equal((await ask('/Patient/cdp1004', { method: 'OPTIONS' })).status, 405)
  })
})

test('the log of all this holds no name, no national id, no token and no id', () => {
  const log = world.logLines.join('')
  for (const secret of ['Hansen', 'hansen', '24895949457', 'cdp1004', 'eyJ', 'uthopp-demo', 'nordmann'])
    assert.ok(!log.includes(secret), secret)
  assert.ok(log.includes('/:orgnr/fhir/:type/:id'))
})
