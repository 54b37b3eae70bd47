import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Patient } from '@medplum/fhirtypes'
import { anEmptyStore, statusOf } from './fixture.ts'

const patient = (id: string, family = 'Berg'): Patient & { id: string } => ({
  resourceType: 'Patient',
  id,
  name: [{ family }],
})

describe('versions', () => {
  test('count from one and stay readable', async () => {
    const store = anEmptyStore()
    await store.createResource(patient('p', 'Berg'))
    const second = await store.updateResource(patient('p', 'Lien'))
    assert.equal(second.meta?.versionId, '2')
    assert.equal((await store.readVersion<Patient>('Patient', 'p', '1')).name?.[0]?.family, 'Berg')
    assert.equal((await store.readResource<Patient>('Patient', 'p')).name?.[0]?.family, 'Lien')
    assert.equal(await statusOf(store.readVersion('Patient', 'p', '3')), 404)
    assert.equal(await statusOf(store.readVersion('Patient', 'p', "1' or '1'='1")), 404)
  })

  test('what a client says of version and time is not believed', async () => {
    const store = anEmptyStore()
    const kept = await store.createResource({
      ...patient('p'),
      meta: { versionId: '77', lastUpdated: '1999-01-01T00:00:00Z' },
    })
    assert.equal(kept.meta?.versionId, '1')
    assert.notEqual(kept.meta?.lastUpdated, '1999-01-01T00:00:00Z')
  })

  test('lastUpdated never goes back, even when the clock does', async () => {
    const times = ['2026-01-01T12:00:00.000Z', '2026-01-01T11:00:00.000Z', '2026-01-01T12:00:00.005Z']
    let tick = 0
    const store = anEmptyStore(() => new Date(times[tick++] ?? '2026-01-02T00:00:00Z'))
    const stamps: (string | undefined)[] = []
    for (const id of ['a', 'b', 'c']) stamps.push((await store.createResource(patient(id))).meta?.lastUpdated)
    assert.deepEqual(stamps, ['2026-01-01T12:00:00.000Z', '2026-01-01T12:00:00.000Z', '2026-01-01T12:00:00.005Z'])
  })

  test('If-Match lets only the holder of the current version write', async () => {
    const store = anEmptyStore()
    await store.createResource(patient('p'))
    await store.updateResource(patient('p', 'Lien'), { ifMatch: '1' })
    assert.equal(await statusOf(store.updateResource(patient('p', 'Vik'), { ifMatch: '1' })), 412)
    assert.equal(await statusOf(store.deleteResource('Patient', 'p', { ifMatch: '1' })), 412)
    assert.equal(await statusOf(store.updateResource(patient('nobody'), { ifMatch: '1' })), 412)
    assert.equal((await store.readResource<Patient>('Patient', 'p')).name?.[0]?.family, 'Lien')
  })

  test('of eight simultaneous writers holding one version exactly one succeeds', async () => {
    const store = anEmptyStore()
    await store.createResource(patient('p'))
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        statusOf(store.updateResource(patient('p', `Nr${index}`), { ifMatch: '1' })),
      ),
    )
    assert.equal(outcomes.filter((status) => status === 0).length, 1)
    assert.equal(outcomes.filter((status) => status === 412).length, 7)
  })

  test('an id that is in use is not created over', async () => {
    const store = anEmptyStore()
    await store.createResource(patient('p'))
    assert.equal(await statusOf(store.createResource(patient('p', 'Other'))), 409)
  })

  test('an id outside the grammar is refused', async () => {
    const store = anEmptyStore()
    for (const id of ['', 'a/b', '../x', 'a b', 'a'.repeat(65), "x'--"]) {
      assert.equal(await statusOf(store.updateResource(patient(id))), 400, id)
    }
  })
})

describe('deletion', () => {
  test('leaves a tombstone: gone, not unknown, and not found by any search', async () => {
    const store = anEmptyStore()
    await store.createResource(patient('p'))
    await store.deleteResource('Patient', 'p')
    assert.equal(await statusOf(store.readResource('Patient', 'p')), 410)
    assert.equal(await statusOf(store.readResource('Patient', 'q')), 404)
    assert.equal(await store.find('Patient', 'p'), undefined)
    for (const query of ['Patient', 'Patient?name=berg', 'Patient?_id=p', 'Patient?_lastUpdated=gt2000']) {
      assert.deepEqual(await store.findAll(query), [], query)
    }
    assert.equal(await statusOf(store.readVersion('Patient', 'p', '1')), 0)
    assert.equal(await statusOf(store.readVersion('Patient', 'p', '2')), 410)
  })

  test('twice changes nothing the second time, and a new write brings the resource back as a new version', async () => {
    const store = anEmptyStore()
    await store.createResource(patient('p'))
    await store.deleteResource('Patient', 'p')
    await store.deleteResource('Patient', 'p')
    const back = await store.updateResource(patient('p'))
    assert.equal(back.meta?.versionId, '3')
    assert.equal((await store.findAll('Patient?name=berg')).length, 1)
  })

  test('of what never was is not found', async () => {
    assert.equal(await statusOf(anEmptyStore().deleteResource('Patient', 'p')), 404)
  })

  test('forgetting leaves nothing behind', async () => {
    const store = anEmptyStore()
    await store.createResource(patient('p'))
    await store.updateResource(patient('p', 'Lien'))
    await store.forget('Patient', 'p')
    assert.equal(await statusOf(store.readResource('Patient', 'p')), 404)
    assert.equal(await statusOf(store.readHistory('Patient', 'p')), 404)
    assert.equal((await store.historyPage({ type: 'Patient' }, {})).total, 0)
    assert.deepEqual(await store.findAll('Patient?name=berg,lien'), [])
  })
})

describe('history', () => {
  test('of a resource is newest first, with its deletion, and the same every time it is asked for', async () => {
    const store = anEmptyStore()
    await store.createResource(patient('p', 'Berg'))
    await store.updateResource(patient('p', 'Lien'))
    await store.deleteResource('Patient', 'p')
    const methods = async () =>
      (await store.readHistory('Patient', 'p')).entry?.map(({ request, resource, response }) => [
        request?.method,
        response?.etag,
        resource?.meta?.versionId,
      ])
    const expected = [
      ['DELETE', 'W/"3"', undefined],
      ['PUT', 'W/"2"', '2'],
      ['POST', 'W/"1"', '1'],
    ]
    assert.deepEqual(await methods(), expected)
    assert.deepEqual(await methods(), expected)
  })

  test('of a type follows the order of writing across resources and pages through it', async () => {
    const store = anEmptyStore()
    for (const id of ['a', 'b', 'a', 'c']) await store.updateResource(patient(id))
    const page = await store.historyPage({ type: 'Patient' }, { count: 2, offset: 1 })
    assert.deepEqual(
      page.entry?.map(({ resource }) => `${resource?.id}/${resource?.meta?.versionId}`),
      ['a/2', 'b/1'],
    )
    assert.equal(page.total, 4)
  })

  test('can begin at a moment', async () => {
    let now = new Date('2026-01-01T00:00:00Z')
    const store = anEmptyStore(() => now)
    await store.updateResource(patient('a'))
    now = new Date('2026-02-01T00:00:00Z')
    await store.updateResource(patient('b'))
    const page = await store.historyPage({ type: 'Patient' }, { since: new Date('2026-01-15T00:00:00Z') })
    assert.deepEqual(
      page.entry?.map(({ resource }) => resource?.id),
      ['b'],
    )
  })
})
