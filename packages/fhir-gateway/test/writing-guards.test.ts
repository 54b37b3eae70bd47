import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { FHIR, observation, ofPatient, writingWorld } from './writing-world.ts'

const PATCH = { 'content-type': 'application/json-patch+json' }
const SMART = 'http://hl7.org/fhir/smart-app-launch/CodeSystem/smart-codes'
const coded = (code: string, system = SMART) => ({ coding: [{ system, code }] })
const task = (more: object = {}) => ({
  resourceType: 'Task',
  status: 'requested',
  intent: 'order',
  for: ofPatient('pat-a'),
  patient: ofPatient('pat-a'),
  ...more,
})
const INSTRUCTION = task({
  code: coded('launch-app-ehr'),
  input: [{ type: coded('smartonfhir-application'), valueUrl: 'https://evil.example/launch' }],
})
const bundle = (type: string, method: string, url: string, resource: object, more: object = {}) => ({
  resourceType: 'Bundle',
  type,
  entry: [{ request: { method, url, ...more }, resource }],
})

describe('what nobody writes through the gateway', () => {
  const { world, send, writes } = writingWorld()
  let writer = ''
  before(async () => {
    writer = await world().token({ scope: 'patient/*.cruds' })
    world().upstream.put(
      { ...INSTRUCTION, id: 'launch-a' },
      { ...task({ code: { text: 'blood test' } }), id: 'task-a' },
      {
        ...observation('pat-a'),
        id: 'labelled',
        meta: {
          security: [
            { system: 's', code: 'R' },
            { system: 's', code: 'X' },
          ],
        },
        contained: [{ resourceType: 'Device', id: 'd', meta: { security: [{ system: 's', code: 'Y' }] } }],
        text: { status: 'generated', div: '<div><script>old()</script></div>' },
      },
    )
  })
  /** The answer's status, or that of its only entry. */
  const statusOf = async (method: string, path: string, body: unknown, headers: Record<string, string> = {}) => {
    const { status, json } = await send(method, path, body, writer, headers)
    return status === 200 && json.type === 'batch-response'
      ? Number.parseInt(json.entry[0].response.status, 10)
      : status
  }
  const changes = () => writes().filter(({ path }) => !path.endsWith('_search'))

  test('a Task that tells somebody to open an app is not made, whatever it is called and however it is sent', async () => {
    const forged = [
      INSTRUCTION,
      task({ code: coded('launch-app-standalone') }),
      task({ code: coded(' Launch-App-EHR ', 'urn:other') }),
      task({
        code: {
          coding: [
            { system: 'x', code: 'y' },
            { system: SMART, code: 'launch-app-ehr' },
          ],
        },
      }),
      task({ input: [{ type: coded('smartonfhir-appcontext'), valueString: '{}' }] }),
    ]
    for (const body of forged) {
      assert.equal(await statusOf('POST', 'Task', body), 403)
      assert.equal(await statusOf('POST', 'Task', body, { 'if-none-exist': 'patient=Patient/pat-a&_id=none' }), 403)
      assert.equal(await statusOf('PUT', 'Task?patient=Patient/pat-a&_id=none', body), 403)
      assert.equal(await statusOf('PUT', 'Task/task-a', { ...body, id: 'task-a' }), 403)
      assert.equal(await statusOf('PUT', 'Task?patient=Patient/pat-a&_id=task-a', body), 403)
      for (const type of ['batch', 'transaction']) {
        assert.equal(await statusOf('POST', '', bundle(type, 'POST', 'Task', body)), 403)
        assert.equal(await statusOf('POST', '', bundle(type, 'PUT', 'Task/task-a', { ...body, id: 'task-a' })), 403)
      }
    }
    const code = [{ op: 'add', path: '/code', value: coded('launch-app-ehr') }]
    assert.equal(await statusOf('PATCH', 'Task/task-a', code, PATCH), 403)
    assert.equal(await statusOf('PATCH', 'Task?patient=Patient/pat-a&_id=task-a', code, PATCH), 403)
    assert.deepEqual(changes(), [])
  })

  test('one that stands is not changed, made into another or removed', async () => {
    const harmless = { ...task(), id: 'launch-a' }
    assert.equal(await statusOf('PUT', 'Task/launch-a', harmless), 403)
    assert.equal(await statusOf('PUT', 'Task?patient=Patient/pat-a&_id=launch-a', task()), 403)
    assert.equal(await statusOf('PATCH', 'Task/launch-a', [{ op: 'remove', path: '/code' }], PATCH), 403)
    assert.equal(await statusOf('DELETE', 'Task/launch-a', undefined), 403)
    assert.equal(await statusOf('POST', '', bundle('transaction', 'PUT', 'Task/launch-a', harmless)), 403)
    assert.deepEqual(changes(), [])
    assert.equal((await world().fhir('Task/launch-a', writer)).status, 200)
  })

  test('every other Task is an app’s to write, as far as its scopes go', async () => {
    assert.equal(
      await statusOf('POST', 'Task', task({ code: coded('fulfill', 'http://hl7.org/fhir/CodeSystem/task-code') })),
      201,
    )
    assert.equal(
      await statusOf('PATCH', 'Task/task-a', [{ op: 'replace', path: '/status', value: 'completed' }], PATCH),
      200,
    )
  })

  test('security labels are kept: none goes, comes, or moves into what is contained', async () => {
    const stored = world().upstream.stored('Observation', 'labelled') ?? { resourceType: '' }
    const security = [
      { system: 's', code: 'R' },
      { system: 's', code: 'X' },
    ]
    const [first, second] = security
    const device = { resourceType: 'Device', id: 'd', meta: { security: [{ system: 's', code: 'Y' }] } }
    for (const more of [
      { meta: undefined },
      { meta: {} },
      { meta: { security: [first] } },
      { meta: { security: [first, { system: 's', code: 'N' }] } },
      { meta: { security: [first, { system: 'other', code: 'X' }] } },
      { meta: { security: [...security, { system: 's', code: 'HTEST' }] } },
      { contained: [] },
      {
        meta: { security: [first] },
        contained: [{ ...device, meta: { security: [second, ...device.meta.security] } }],
      },
    ]) {
      const body = { ...stored, ...more }
      assert.equal(await statusOf('PUT', 'Observation/labelled', body), 403, JSON.stringify(more))
      assert.equal(await statusOf('POST', '', bundle('batch', 'PUT', 'Observation/labelled', body)), 403)
      assert.equal(await statusOf('POST', '', bundle('transaction', 'PUT', 'Observation/labelled', body)), 403)
    }
    for (const patch of [
      [{ op: 'remove', path: '/meta/security' }],
      [{ op: 'remove', path: '/meta' }],
      [{ op: 'replace', path: '/meta/security/0/code', value: 'N' }],
      [{ op: 'move', from: '/meta/security', path: '/meta/tag' }],
    ])
      assert.equal(await statusOf('PATCH', 'Observation/labelled', patch, PATCH), 403, JSON.stringify(patch))
    assert.equal(
      await statusOf('PATCH', 'Observation/lab-a', [{ op: 'add', path: '/meta/security', value: [first] }], PATCH),
      403,
    )
    assert.deepEqual(changes(), [])
    const refused = await send('PUT', 'Observation/labelled', { ...stored, meta: {} }, writer)
    assert.match(refused.json.issue[0].diagnostics, /meta\.security/)
  })

  test('with its labels as they were read, in any order, a resource is changed as ever', async () => {
    const stored = world().upstream.stored('Observation', 'labelled') ?? { resourceType: '' }
    const turned = {
      security: [
        { system: 's', code: 'X', display: 'x' },
        { system: 's', code: 'R' },
      ],
    }
    assert.equal(await statusOf('PUT', 'Observation/labelled', { ...stored, meta: turned, status: 'amended' }), 200)
    assert.equal(
      await statusOf('POST', 'Observation', observation('pat-a', { meta: { security: [{ system: 's', code: 'R' }] } })),
      201,
    )
  })

  test('no narrative that does something comes in, wherever it stands', async () => {
    const bad = {
      status: 'generated',
      div: '<div xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></div>',
    }
    const good = { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"><p>pulse <b>72</b></p></div>' }
    const places = (text: object): object[] => [
      { text },
      { contained: [{ resourceType: 'Device', id: 'd', text }] },
      { section: [{ section: [{ text }] }] },
    ]
    for (const more of places(bad)) {
      assert.equal(await statusOf('POST', 'Observation', observation('pat-a', more)), 422)
      assert.equal(await statusOf('PUT', 'Observation/lab-a', observation('pat-a', { id: 'lab-a', ...more })), 422)
      for (const type of ['batch', 'transaction'])
        assert.equal(await statusOf('POST', '', bundle(type, 'POST', 'Observation', observation('pat-a', more))), 422)
    }
    assert.equal(await statusOf('PATCH', 'Observation/lab-a', [{ op: 'add', path: '/text', value: bad }], PATCH), 422)
    assert.deepEqual(changes(), [])
    for (const more of places(good))
      assert.equal(await statusOf('POST', 'Observation', observation('pat-a', more)), 201)
  })

  test('what stands in a narrative already keeps nobody from changing the rest', async () => {
    const status = [{ op: 'replace', path: '/status', value: 'corrected' }]
    assert.equal(await statusOf('PATCH', 'Observation/labelled', status, PATCH), 200)
    const more = [{ op: 'replace', path: '/text/div', value: '<div><script>new()</script></div>' }]
    const refused = await send('PATCH', 'Observation/labelled', more, writer, PATCH)
    assert.equal(refused.status, 422)
    assert.match(refused.json.issue[0].diagnostics, /txt-1/)
    assert.match(refused.headers.get('content-type') ?? '', new RegExp(FHIR.replace('+', String.raw`\+`)))
  })
})
