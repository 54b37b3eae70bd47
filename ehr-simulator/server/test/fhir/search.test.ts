import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Bundle } from '@medplum/fhirtypes'
import { createFhirRoutes } from '#src/fhir/rest/fhir-routes.ts'
import { LIMITS } from '#src/fhir/search/limits.ts'
import { getStatus } from '@medplum/core'
import { aFilledStore, corpus } from './fixture.ts'

type Search = {
  readonly query: string
  readonly ids: readonly string[]
  readonly included?: readonly string[]
  readonly ordered?: boolean
}

const store = await aFilledStore()
const routes = createFhirRoutes((error) => {
  throw error
})

async function get(url: string): Promise<{ readonly status: number; readonly bundle: Bundle }> {
  const [outcome, resource] = await routes.handleRequest(
    { method: 'GET', url, pathname: '', body: undefined, params: {}, query: {} },
    store,
  )
  return { status: getStatus(outcome), bundle: resource as Bundle } // a search answers a Bundle, or nothing
}

const idsOf = (bundle: Bundle, mode: string) =>
  (bundle.entry ?? []).filter(({ search }) => search?.mode === mode).map(({ resource }) => resource?.id ?? '')

describe('search', () => {
  for (const { query, ids, included, ordered } of corpus('searches') as Search[]) {
    test(`${query} finds ${ids.join(', ') || 'nothing'}`, async () => {
      const { status, bundle } = await get(query)
      assert.equal(status, 200)
      const found = idsOf(bundle, 'match')
      assert.deepEqual(ordered ? found : found.toSorted(), ordered ? ids : ids.toSorted())
      assert.deepEqual(idsOf(bundle, 'include').toSorted(), (included ?? []).toSorted())
    })
  }

  for (const { query, why } of corpus('refused-searches') as { query: string; why: string }[]) {
    test(`${query} is refused: ${why}`, async () => {
      assert.equal((await get(query)).status, 400)
    })
  }

  test('a type nobody announced is not found', async () => {
    assert.equal((await get('Foo?name=x')).status, 404)
    assert.equal((await get('Bundle')).status, 404)
    assert.equal((await get('Patient/pat1/Foo')).status, 404)
    assert.equal((await get('Patient/pat1/Organization')).status, 404)
  })

  test('the text of a parameter that cannot be one is not repeated in the refusal', async () => {
    const [outcome] = await routes.handleRequest(
      { method: 'GET', url: 'Patient?19854349034=1', pathname: '', body: undefined, params: {}, query: {} },
      store,
    )
    assert.ok(!JSON.stringify(outcome).includes('19854349034'))
  })
})

describe('search results', () => {
  test('pages hang together by their links and never overlap', async () => {
    const seen: string[] = []
    let next: string | undefined = 'Observation?_count=2&_sort=-date'
    let pages = 0
    while (next !== undefined) {
      const { bundle }: { bundle: Bundle } = await get(next)
      seen.push(...idsOf(bundle, 'match'))
      next = bundle.link?.find(({ relation }) => relation === 'next')?.url.slice('http://host.example/fhir/'.length)
      pages += 1
    }
    assert.equal(pages, 3)
    assert.equal(new Set(seen).size, 5)
    assert.equal(seen.length, 5)
  })

  test('links repeat the search, escaped, on the address of the store', async () => {
    const { bundle } = await get('Patient?name=100%25_&_count=1')
    assert.equal(bundle.link?.[0]?.url, 'http://host.example/fhir/Patient?name=100%25_&_count=1')
    assert.equal(bundle.entry?.[0]?.fullUrl, 'http://host.example/fhir/Patient/pat3')
  })

  test('links of a compartment search stay in the compartment', async () => {
    const { bundle } = await get('Patient/pat1/Observation?_count=1')
    assert.match(
      bundle.link?.find(({ relation }) => relation === 'next')?.url ?? '',
      /\/Patient\/pat1\/Observation\?_count=1&_offset=1$/,
    )
  })

  test('counting happens only when asked for', async () => {
    assert.equal((await get('Observation')).bundle.total, undefined)
    assert.equal((await get('Observation?_total=accurate&_count=1')).bundle.total, 5)
    for (const query of ['Observation?_summary=count&patient=pat1', 'Observation?_count=0&patient=pat1']) {
      const { bundle } = await get(query)
      assert.equal(bundle.total, 2)
      assert.equal(bundle.entry, undefined)
    }
  })

  test('a huge page is lowered to what one page may carry', async () => {
    await store.load(
      Array.from({ length: LIMITS.greatestCount + 1 }, (_, index) => ({
        resourceType: 'Flag',
        id: `flag${index}`,
        status: 'active',
        code: { text: 'x' },
        subject: { reference: 'Patient/pat2' },
      })),
    )
    const { bundle } = await get('Flag?_count=999999999')
    assert.equal(bundle.entry?.length, LIMITS.greatestCount)
    assert.ok(bundle.link?.some(({ relation }) => relation === 'next'))
  })

  test('_elements keeps the identity, the mandatory elements and a mark that something is missing', async () => {
    const { bundle } = await get('Observation?_id=obs1&_elements=value')
    assert.deepEqual(Object.keys(bundle.entry?.[0]?.resource ?? {}).toSorted(), [
      'code',
      'id',
      'meta',
      'resourceType',
      'status',
      'valueQuantity',
    ])
    assert.equal(bundle.entry?.[0]?.resource?.meta?.tag?.at(-1)?.code, 'SUBSETTED')
  })

  test('_summary=true keeps the summary elements', async () => {
    const { bundle } = await get('Patient?_id=pat1&_summary=true')
    const members = Object.keys(bundle.entry?.[0]?.resource ?? {})
    assert.ok(members.includes('name'))
    assert.ok(!members.includes('generalPractitioner'))
  })

  test('too many conditions, alternatives, inclusions or too long a value are refused', async () => {
    const many = Array.from({ length: LIMITS.parameters + 1 }, (_, index) => `name=a${index}`).join('&')
    assert.equal((await get(`Patient?${many}`)).status, 400)
    assert.equal((await get(`Patient?_id=${'a,'.repeat(LIMITS.alternatives)}a`)).status, 400)
    assert.equal((await get(`Patient?name=${'a'.repeat(LIMITS.valueLength + 1)}`)).status, 400)
    assert.equal(
      (await get(`Patient?${'_include=Patient:organization&'.repeat(LIMITS.inclusions + 1)}_count=1`)).status,
      400,
    )
  })

  test('more included resources than a page may carry are cut, and the answer says so', async () => {
    const crowd = Array.from({ length: LIMITS.includedResources + 1 }, (_, index) => ({
      resourceType: 'Flag' as const,
      id: `crowd${index}`,
      status: 'active' as const,
      code: { text: 'x' },
      subject: { reference: 'Patient/pat3' },
    }))
    await store.load(crowd)
    const { status, bundle } = await get('Patient?_id=pat3&_revinclude=Flag:patient')
    assert.equal(status, 200)
    const modes = bundle.entry?.map((entry) => entry.search?.mode)
    assert.equal(modes?.filter((mode) => mode === 'include').length, LIMITS.includedResources)
    assert.equal(modes?.at(-1), 'outcome')
    const last = bundle.entry?.at(-1)?.resource
    assert.ok(last?.resourceType === 'OperationOutcome' && last.issue[0]?.severity === 'warning')
  })
})
