import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { BASE } from './world.ts'
import { observation, ofPatient, writingWorld } from './writing-world.ts'

describe('writing through the gateway', () => {
  const { world: here, writer: writerToken, send, writes } = writingWorld()

  test('a write with a read scope is refused before its body is looked at', async () => {
    const reader = await here().token({ scope: 'patient/Observation.rs' })
    for (const [method, path] of [
      ['POST', 'Observation'],
      ['PUT', 'Observation/vital-a'],
      ['PATCH', 'Observation/vital-a'],
      ['DELETE', 'Observation/vital-a'],
    ] as const) {
      const answer = await send(method, path, method === 'DELETE' ? undefined : 'not even json', reader)
      assert.equal(answer.status, 403, method)
      assert.match(answer.headers.get('www-authenticate') ?? '', /insufficient_scope/)
    }
    assert.equal(here().upstream.requests.length, 0)
  })

  test('a resource of the launch patient is created, and its address is ours', async () => {
    const answer = await send(
      'POST',
      'Observation',
      observation('pat-a', { encounter: { reference: `${BASE}/Encounter/enc-a` } }),
    )
    assert.equal(answer.status, 201)
    assert.match(answer.headers.get('location') ?? '', new RegExp(`^${BASE}/Observation/new\\d+/_history/1$`))
    assert.equal(answer.json.encounter.reference, `${BASE}/Encounter/enc-a`)
    assert.match(writes()[0]?.body ?? '', new RegExp(`${here().upstream.base}/Encounter/enc-a`))
  })

  test('evidence of who did or allowed what is written by no app, and refused before it is looked at', async () => {
    const mighty = await here().token({
      scope: 'patient/*.cruds user/*.cruds patient/Provenance.cu patient/Consent.cud',
    })
    for (const type of ['AuditEvent', 'Provenance', 'Consent']) {
      const body = { resourceType: type, id: 'x', subject: { reference: 'Patient/pat-a' } }
      for (const [method, path, given] of [
        ['POST', type, body],
        ['PUT', `${type}/x`, body],
        ['PUT', `${type}?identifier=a`, body],
        ['PATCH', `${type}/x`, []],
        ['DELETE', `${type}/x`, undefined],
        [
          'POST',
          '',
          {
            resourceType: 'Bundle',
            type: 'transaction',
            entry: [{ request: { method: 'POST', url: type }, resource: body }],
          },
        ],
      ] as const) {
        const answer = await send(method, path, given, mighty)
        assert.equal(answer.status, 403, `${method} ${path}`)
      }
    }
    assert.deepEqual(here().upstream.requests, [])
  })

  test('nothing is created in another chart, nor in none, nor with a foreign patient inside', async () => {
    for (const body of [
      observation('pat-b'),
      observation('pat-a', { subject: undefined }),
      observation('pat-a', { contained: [{ resourceType: 'Patient', id: 'pat-b', name: [{ family: 'x' }] }] }),
      observation('pat-a', { performer: [ofPatient('pat-b')] }),
      observation('pat-a', { encounter: { reference: 'Encounter/enc-b' } }),
      observation('pat-a', { encounter: { reference: 'Encounter/nowhere' } }),
      observation('pat-a', { encounter: { reference: 'Encounter?identifier=1' } }),
      observation('pat-a', { subject: { reference: 'Patient?identifier=1' } }),
    ]) {
      assert.equal((await send('POST', 'Observation', body)).status, 403, JSON.stringify(body))
    }
    assert.deepEqual(writes(), [])
  })

  test('a chosen id is not used, and what is no patient’s data may be referred to', async () => {
    const answer = await send('POST', 'Observation', {
      ...observation('pat-a', {
        device: { reference: 'Device/unknown' },
        performer: [{ reference: 'Practitioner/stf102' }],
      }),
      id: 'vital-b',
    })
    assert.equal(answer.status, 201)
    assert.notEqual(answer.json.id, 'vital-b')
    assert.equal(JSON.parse(writes()[0]?.body ?? '').id, undefined)
  })

  test('what a stored version refers to may stay', async () => {
    const device = { focus: [{ reference: 'Encounter/enc-b' }] }
    here().upstream.put({ ...observation('pat-a', device), id: 'tied' })
    assert.equal((await send('PUT', 'Observation/tied', { ...observation('pat-a', device), id: 'tied' })).status, 200)
    assert.equal(
      (await send('PUT', 'Observation/vital-a', { ...observation('pat-a', device), id: 'vital-a' })).status,
      403,
    )
  })

  test('a granular scope writes only what it names, before and after (SAL-144)', async () => {
    const vital = await here().token({ scope: 'patient/Observation.cu?category=vital-signs' })
    const category = (code: string) => ({ category: [{ coding: [{ code }] }] })
    assert.equal((await send('POST', 'Observation', observation('pat-a', category('laboratory')), vital)).status, 403)
    const made = await send('POST', 'Observation', observation('pat-a', category('vital-signs')), vital)
    assert.equal(made.status, 201)
    assert.equal(made.text, '', 'writing does not imply reading (SAL-131)')
    assert.equal(
      (
        await send(
          'PUT',
          'Observation/vital-a',
          { ...observation('pat-a', category('laboratory')), id: 'vital-a' },
          vital,
        )
      ).status,
      403,
    )
    assert.equal(
      (await send('PUT', 'Observation/lab-a', { ...observation('pat-a', category('vital-signs')), id: 'lab-a' }, vital))
        .status,
      404,
    )
  })

  test('an update carries the version that was decided on', async () => {
    const answer = await send('PUT', 'Observation/vital-a', { ...observation('pat-a'), id: 'vital-a' })
    assert.equal(answer.status, 200)
    assert.match(writes()[0]?.headers['if-match'] ?? '', /^W\/"\d+"$/)
    here().upstream.misbehave = ({ method }) => {
      if (method !== 'GET') return undefined
      return { headers: { etag: 'W/"1"' }, body: { ...observation('pat-a'), id: 'vital-a' } }
    }
    assert.equal((await send('PUT', 'Observation/vital-a', { ...observation('pat-a'), id: 'vital-a' })).status, 412)
  })

  test('a stale If-Match is refused', async () => {
    const stale = await send('PUT', 'Observation/lab-a', { ...observation('pat-a'), id: 'lab-a' }, writerToken(), {
      'if-match': 'W/"77"',
    })
    assert.equal(stale.status, 412)
    assert.deepEqual(writes(), [])
  })

  test('changing what is hidden answers byte for byte like changing what is not there', async () => {
    for (const [method, body] of [
      ['PUT', (id: string) => ({ ...observation('pat-a'), id })],
      ['DELETE', () => undefined],
    ] as const) {
      const hidden = await send(method, 'Observation/vital-b', body('vital-b'))
      const unknown = await send(method, 'Observation/nowhere', body('nowhere'))
      assert.equal(hidden.status, 404)
      assert.equal(hidden.text, unknown.text)
    }
    assert.deepEqual(writes(), [])
  })

  test('a resource cannot be moved out of the chart, nor taken into it', async () => {
    assert.equal((await send('PUT', 'Observation/vital-a', { ...observation('pat-b'), id: 'vital-a' })).status, 403)
    assert.equal((await send('PUT', 'Observation/vital-b', { ...observation('pat-a'), id: 'vital-b' })).status, 404)
    assert.equal((await send('PUT', 'Observation/vital-a', { ...observation('pat-a'), id: 'lab-a' })).status, 400)
    assert.equal((await send('PUT', 'Observation/vital-a', { resourceType: 'Condition', id: 'vital-a' })).status, 400)
  })

  test('a patch is applied here and its outcome decided', async () => {
    const patch = (id: string, operations: unknown) =>
      send('PATCH', `Observation/${id}`, operations, writerToken(), { 'content-type': 'application/json-patch+json' })
    assert.equal((await patch('lab-a', [{ op: 'replace', path: '/status', value: 'amended' }])).status, 200)
    assert.equal(here().upstream.stored('Observation', 'lab-a')?.['status'], 'amended')
    assert.equal(writes()[0]?.method, 'PUT')
    assert.equal(
      (await patch('lab-a', [{ op: 'replace', path: '/subject/reference', value: 'Patient/pat-b' }])).status,
      403,
    )
    assert.equal((await patch('lab-b', [{ op: 'test', path: '/status', value: 'final' }])).status, 404)
    assert.equal((await patch('lab-a', [{ op: 'add', path: '/__proto__/x', value: 1 }])).status, 422)
    assert.equal(
      (await send('PATCH', 'Observation/lab-a', '<x/>', writerToken(), { 'content-type': 'application/fhir+xml' }))
        .status,
      415,
    )
    const blind = await here().token({ scope: 'patient/Observation.u' })
    assert.equal(
      (await send('PATCH', 'Observation/lab-a', [], blind, { 'content-type': 'application/json-patch+json' })).status,
      403,
    )
  })

  test('a deletion carries the version that was decided on', async () => {
    here().upstream.put({ ...observation('pat-a'), id: 'doomed' })
    assert.equal((await send('DELETE', 'Observation/doomed', undefined)).status, 204)
    assert.equal(writes()[0]?.headers['if-match'], 'W/"1"')
    assert.equal(here().upstream.stored('Observation', 'doomed'), undefined)
  })

  test('conditional criteria are confined like a search', async () => {
    const own = { system: 'urn:x', value: 'own' }
    here().upstream.put(
      { ...observation('pat-a'), id: 'named-a', identifier: [own] },
      { ...observation('pat-b'), id: 'named-b', identifier: [{ value: 'theirs' }] },
    )
    const again = await send('POST', 'Observation', observation('pat-a'), writerToken(), {
      'if-none-exist': 'identifier=own',
    })
    assert.equal(again.status, 200)
    assert.equal(again.json.id, 'named-a')
    assert.match(writes().at(-1)?.headers['if-none-exist'] as string, /patient=pat-a/)
    const fresh = await send('POST', 'Observation', observation('pat-a'), writerToken(), {
      'if-none-exist': 'identifier=theirs',
    })
    assert.equal(fresh.status, 201)
    assert.equal(
      (await send('POST', 'Observation', observation('pat-a'), writerToken(), { 'if-none-exist': 'patient=pat-b' }))
        .status,
      403,
    )
    assert.equal(
      (await send('PUT', 'Observation?identifier=own', observation('pat-a', { identifier: [own] }))).status,
      200,
    )
    assert.equal((await send('DELETE', 'Observation?identifier=theirs', undefined)).status, 404)
    assert.equal((await send('DELETE', 'Observation?patient=pat-a', undefined)).status, 412)
    assert.equal(here().upstream.stored('Observation', 'named-b')?.id, 'named-b')
  })

  test('a server that answers a write with another chart shows nothing of it', async () => {
    here().upstream.misbehave = ({ method }) =>
      method === 'POST'
        ? {
            status: 201,
            body: { ...observation('pat-b'), id: 'zzz' },
            headers: { location: `${here().upstream.base}/Patient/pat-b` },
          }
        : undefined
    const answer = await send('POST', 'Observation', observation('pat-a'))
    assert.equal(answer.text, '')
    assert.equal(answer.headers.get('location'), null)
  })

  test('Prefer chooses what comes back', async () => {
    const minimal = await send('POST', 'Observation', observation('pat-a'), writerToken(), { prefer: 'return=minimal' })
    assert.equal(minimal.status, 201)
    assert.equal(minimal.text, '')
    const outcome = await send('POST', 'Observation', observation('pat-a'), writerToken(), {
      prefer: 'return=OperationOutcome',
    })
    assert.equal(outcome.json.resourceType, 'OperationOutcome')
  })

  test('large, deep, broken and foreign-typed bodies are refused', async () => {
    assert.equal((await send('POST', 'Observation', `{"a":"${'x'.repeat(1024 * 1024)}"}`)).status, 413)
    assert.equal((await send('POST', 'Observation', '['.repeat(50_000))).status, 400)
    assert.equal((await send('POST', 'Observation', '{')).status, 400)
    assert.equal(
      (await send('POST', 'Observation', '<Observation/>', writerToken(), { 'content-type': 'application/fhir+xml' }))
        .status,
      415,
    )
    assert.equal(
      (await send('POST', 'Observation', { resourceType: 'Condition', subject: ofPatient('pat-a') })).status,
      400,
    )
  })
})
