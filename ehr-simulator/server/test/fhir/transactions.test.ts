import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { getStatus } from '@medplum/core'
import type { Bundle, BundleEntry, OperationOutcome, Patient, Resource } from '@medplum/fhirtypes'
import { createFhirRoutes } from '#src/fhir/rest/fhir-routes.ts'
import type { FhirStore } from '#src/fhir/repository.ts'
import { anEmptyStore } from './fixture.ts'

const unexpected: unknown[] = []
const routes = createFhirRoutes((error) => unexpected.push(error))

async function send(
  store: FhirStore,
  type: Bundle['type'],
  entry: BundleEntry[],
): Promise<{ status: number; answer: Bundle; outcome: OperationOutcome }> {
  const body: Bundle = structuredClone({ resourceType: 'Bundle', type, entry })
  const [outcome, resource] = await routes.handleRequest(
    { method: 'POST', url: '', pathname: '', body, params: {}, query: {} },
    store,
  )
  return { status: getStatus(outcome), answer: resource as Bundle, outcome } // a Bundle when the status is 200
}

const post = (resource: Resource, fullUrl?: string): BundleEntry => ({
  ...(fullUrl === undefined ? {} : { fullUrl }),
  request: { method: 'POST', url: resource.resourceType },
  resource,
})
const put = (resource: Resource & { id: string }): BundleEntry => ({
  request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
  resource,
})
const URN = 'urn:uuid:11111111-1111-4111-8111-111111111111'
const patients = async (store: FhirStore) => (await store.findAll('Patient')).length

describe('a transaction Bundle', () => {
  test('is kept whole, with references between its entries resolved', async () => {
    const store = anEmptyStore()
    const { status, answer } = await send(store, 'transaction', [
      post({ resourceType: 'Patient', name: [{ family: 'Berg' }] }, URN),
      post({ resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: { reference: URN } }),
    ])
    assert.equal(status, 200)
    assert.equal(answer.type, 'transaction-response')
    assert.deepEqual(
      answer.entry?.map(({ response }) => response?.status),
      ['201', '201'],
    )
    const [first] = await store.findAll<Patient>('Patient')
    assert.equal((await store.findAll(`Observation?patient=Patient/${first?.id}`)).length, 1)
    assert.equal(answer.entry?.[0]?.response?.location, `http://host.example/fhir/Patient/${first?.id}/_history/1`)
    assert.equal(answer.entry?.[0]?.response?.etag, 'W/"1"')
  })

  test('is not kept at all when one entry fails', async () => {
    for (const bad of [
      post({ resourceType: 'Patient', gender: 'mann' as 'male' }), // a hostile cast: the very thing to refuse
      {
        request: { method: 'PATCH', url: 'Patient/nobody' },
        resource: { resourceType: 'Binary', contentType: 'application/json-patch+json', data: 'W10=' },
      } satisfies BundleEntry,
      { request: { method: 'DELETE', url: 'Patient/nobody' } } satisfies BundleEntry,
      {
        request: { method: 'PUT', url: 'Patient/p', ifMatch: 'W/"9"' },
        resource: { resourceType: 'Patient', id: 'p' },
      } satisfies BundleEntry,
      { request: { method: 'GET', url: 'Patient?foo=bar' } } satisfies BundleEntry,
    ]) {
      const store = anEmptyStore()
      await store.createResource({ resourceType: 'Patient', id: 'p' })
      const { status } = await send(store, 'transaction', [
        post({ resourceType: 'Patient' }),
        put({ resourceType: 'Patient', id: 'new' }),
        bad,
      ])
      assert.ok(status >= 400, JSON.stringify(bad))
      assert.equal(await patients(store), 1)
      assert.equal((await store.historyPage({ type: 'Patient' }, {})).total, 1)
      assert.equal((await store.readResource('Patient', 'p')).meta?.versionId, '1')
    }
  })

  test('that waits for nothing leaves the store usable after it failed', async () => {
    const store = anEmptyStore()
    await send(store, 'transaction', [{ request: { method: 'DELETE', url: 'Patient/nobody' } }])
    await store.createResource({ resourceType: 'Patient', id: 'after' })
    assert.equal(await patients(store), 1)
  })
})

describe('a batch Bundle', () => {
  test('keeps what succeeds and says what does not, each in its place', async () => {
    const store = anEmptyStore()
    const { status, answer } = await send(store, 'batch', [
      post({ resourceType: 'Patient' }),
      { request: { method: 'GET', url: 'Patient?foo=bar' } },
      { request: { method: 'GET', url: 'Patient/nobody' } },
      put({ resourceType: 'Patient', id: 'p' }),
      { request: { method: 'GET', url: 'Patient?_summary=count' } },
    ])
    assert.equal(status, 200)
    assert.deepEqual(
      answer.entry?.map(({ response }) => response?.status),
      ['201', '400', '404', '201', '200'],
    )
    assert.equal(await patients(store), 2)
  })
})

describe('hostile Bundles', () => {
  const store = anEmptyStore()
  const cases: readonly (readonly [string, BundleEntry[]])[] = [
    [
      'a Bundle inside a Bundle',
      [{ request: { method: 'POST', url: '' }, resource: { resourceType: 'Bundle', type: 'transaction', entry: [] } }],
    ],
    ['an entry without a request', [{ resource: { resourceType: 'Patient' } }]],
    ['an operation nobody offers', [{ request: { method: 'POST', url: '$graphql' } }]],
    ['a conditional delete without criteria', [{ request: { method: 'DELETE', url: 'Patient?' } }]],
    [
      'a conditional delete with a modifier nobody knows',
      [{ request: { method: 'DELETE', url: 'Patient?gender:foo=male' } }],
    ],
    [
      'a conditional create with a parameter nobody knows',
      [{ request: { method: 'POST', url: 'Patient', ifNoneExist: 'foo=bar' }, resource: { resourceType: 'Patient' } }],
    ],
    [
      'two entries for one resource',
      [put({ resourceType: 'Patient', id: 'p' }), put({ resourceType: 'Patient', id: 'p' })],
    ],
  ]
  for (const [name, entries] of cases) {
    test(`${name} is refused and changes nothing`, async () => {
      const { status } = await send(store, 'transaction', entries)
      assert.ok(status >= 400 && status < 500, String(status))
      assert.equal(await patients(store), 0)
    })
  }

  test('a body that is no Bundle, or a Bundle of another kind, is refused', async () => {
    for (const body of [
      null,
      [],
      'x',
      { resourceType: 'Patient' },
      { resourceType: 'Bundle' },
      { resourceType: 'Bundle', type: 'history' },
      { resourceType: 'Bundle', type: 'batch', entry: [null] },
    ]) {
      const [outcome] = await routes.handleRequest(
        { method: 'POST', url: '', pathname: '', body, params: {}, query: {} },
        store,
      )
      assert.equal(getStatus(outcome), 400)
    }
  })

  test('none of these was a fault of ours', () => {
    assert.deepEqual(unexpected, [])
  })
})

describe('an open transaction', () => {
  test('hides its writes from everybody else until it is over, and keeps their writes when it fails', async () => {
    const store = anEmptyStore()
    const { promise: goOn, resolve } = Promise.withResolvers<void>()
    const failing = store.transaction(async (inside) => {
      await inside.createResource({ resourceType: 'Patient', id: 'inside' })
      await goOn
      throw new Error('changed my mind')
    })
    const read = store.find('Patient', 'inside')
    const written = store.createResource({ resourceType: 'Patient', id: 'outside' })
    resolve()
    await assert.rejects(failing, /changed my mind/)
    assert.equal(await read, undefined)
    assert.equal((await written).id, 'outside')
    assert.deepEqual(
      (await store.findAll('Patient')).map(({ id }) => id),
      ['outside'],
    )
  })

  test('cannot be used after it has ended', async () => {
    const store = anEmptyStore()
    const escaped = await store.transaction(async (inside) => inside)
    await assert.rejects(escaped.createResource({ resourceType: 'Patient' }), /has ended/)
  })

  test('inside another joins it', async () => {
    const store = anEmptyStore()
    await assert.rejects(
      store.transaction(async (outer) => {
        await outer.transaction((inner) => inner.createResource({ resourceType: 'Patient', id: 'p' }))
        throw new Error('no')
      }),
    )
    assert.equal(await patients(store), 0)
  })

  test('loading is all or nothing', async () => {
    const store = anEmptyStore()
    await assert.rejects(
      store.load([
        { resourceType: 'Patient', id: 'a' },
        { resourceType: 'Patient', id: 'b', gender: 'mann' as 'male' },
      ]),
    ) // as above
    assert.equal(await patients(store), 0)
  })
})
