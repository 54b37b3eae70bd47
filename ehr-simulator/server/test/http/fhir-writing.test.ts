import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { Bundle } from '@medplum/fhirtypes'
import { askFhir, assertLogTellsNobody, outcomeOf } from './fhir-client.ts'
import { OUS, startHostWorld } from './host-world.ts'

const world = await startHostWorld()
after(() => world.close())
const ask = askFhir(world)

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

test('the log of all this holds no name, no national id, no token and no id', () => assertLogTellsNobody(world))
