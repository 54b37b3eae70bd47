import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type Answer, BASE, furnish, startWorld, type World } from './world.ts'

type Entry = { fullUrl: string; resource: { resourceType: string; id: string }; search: { mode: string } }
const found = (answer: Answer): string[] =>
  (answer.json.entry ?? []).map((entry: Entry) => `${entry.resource.resourceType}/${entry.resource.id}`)

describe('searching through the gateway', () => {
  let world: World
  let token: string
  before(async () => {
    world = await startWorld()
    furnish(world.upstream)
    token = await world.token()
  })
  after(() => world.close())
  beforeEach(() => {
    world.upstream.misbehave = undefined
    world.upstream.requests.length = 0
  })

  const asked = (): URLSearchParams => world.upstream.requests.at(-1)?.query ?? new URLSearchParams()

  test('a search that names no patient is confined to the launch patient before it is asked', async () => {
    const answer = await world.fhir('Observation', token)
    assert.equal(answer.status, 200)
    assert.deepEqual(found(answer).sort(), ['Observation/lab-a', 'Observation/vital-a'])
    assert.equal(asked().get('patient'), 'pat-a')
    assert.equal(answer.json.entry[0].fullUrl, `${BASE}/Observation/vital-a`)
    assert.deepEqual(answer.json.link, [{ relation: 'self', url: `${BASE}/Observation` }])
  })

  test('the launch patient may be named in every spelling', async () => {
    for (const query of [
      'patient=pat-a',
      'patient=Patient/pat-a',
      `patient=${encodeURIComponent(`${BASE}/Patient/pat-a`)}`,
      'subject:Patient=pat-a',
      'subject=Patient/pat-a',
    ]) {
      const answer = await world.fhir(`Observation?${query}`, token)
      assert.equal(answer.status, 200, query)
      assert.equal(found(answer).length, 2, query)
    }
    assert.equal(
      found(await world.fhir('Patient/pat-a/Observation?category=laboratory', token)).join(),
      'Observation/lab-a',
    )
    assert.equal(found(await world.fhir('Patient', token)).join(), 'Patient/pat-a')
  })

  test('a search that names another patient is refused before it is asked, in every spelling (SAL-204)', async () => {
    for (const query of [
      'Observation?patient=pat-b',
      'Observation?patient=Patient/pat-b',
      'Observation?patient=pat-a,pat-b',
      'Observation?patient=pat-a&patient=pat-b',
      'Observation?patient=pat-a&subject=Patient/pat-b',
      'Observation?subject:Patient=pat-b',
      `Observation?subject=${encodeURIComponent(`${BASE}/Patient/pat-b`)}`,
      'Observation?subject:Patient._id=pat-b',
      'Observation?focus=Patient/pat-b',
      'Patient?_id=pat-b',
      'Patient/pat-b/Observation',
      'Patient?link=Patient/pat-b',
    ]) {
      assert.equal((await world.fhir(query, token)).status, 403, query)
    }
    assert.equal(world.upstream.requests.length, 0)
  })

  test('parameters nobody can decide on, and chains into what may be hidden, are refused', async () => {
    for (const query of [
      'Observation?_filter=code%20eq%20x',
      'Observation?_content=secret',
      'Observation?_text=secret',
      'Observation?_query=all',
      'Observation?_list=42',
      'Observation?encounter:Encounter.status=finished',
      'Observation?has-member:Observation.code=x',
      'Patient?link:Patient.name=x',
      'Patient?_has:Group:member:_id=1',
      'Encounter?_has:Observation:encounter:code=x',
      'Observation?subject:Group.member=Patient/pat-b',
      'Observation?made-up=1',
      'Practitioner?name=Fjell',
      'Endpoint',
      '?_type=Observation,Patient',
      '_history',
      'Observation/_history',
      'Patient/pat-a/*',
      'Encounter/enc-a/Observation',
      'Patient/pat-a/$everything',
      '$export',
      'Observation?_include=*',
    ]) {
      assert.equal((await world.fhir(query, token)).status, 403, query)
    }
    assert.equal(world.upstream.requests.length, 0)
  })

  test('a chain to the own patient and back from it is answered', async () => {
    assert.equal((await world.fhir('Observation?subject:Patient.name=x', token)).status, 200)
    assert.equal((await world.fhir('Patient?_has:Observation:patient:code=x', token)).status, 200)
    const noPatientScope = await world.token({ scope: 'patient/Observation.rs' })
    assert.equal((await world.fhir('Observation?subject:Patient.name=x', noPatientScope)).status, 403)
  })

  test('the response-side patient check: what the server behind returns for another patient never comes through', async () => {
    world.upstream.misbehave = () => ({
      body: {
        resourceType: 'Bundle',
        type: 'searchset',
        total: 4,
        signature: { data: 'abc' },
        entry: [
          { resource: world.upstream.stored('Observation', 'vital-a'), search: { mode: 'match' } },
          { resource: world.upstream.stored('Observation', 'vital-b'), search: { mode: 'match' } },
          { resource: world.upstream.stored('Patient', 'pat-b'), search: { mode: 'include' } },
          { resource: world.upstream.stored('Condition', 'con-b'), search: { mode: 'include' } },
          { resource: { resourceType: 'Observation', id: 'none', status: 'final' } },
          {
            resource: { resourceType: 'OperationOutcome', issue: [{ diagnostics: 'pat-b has 3 more' }] },
            search: { mode: 'outcome' },
          },
          {
            resource: {
              resourceType: 'Bundle',
              id: 'x',
              type: 'collection',
              entry: [{ resource: world.upstream.stored('Patient', 'pat-b') }],
            },
          },
          {
            resource: {
              resourceType: 'Observation',
              id: 'shell',
              subject: { reference: 'Patient/pat-a' },
              contained: [{ resourceType: 'Patient', id: 'pat-b', name: [{ family: 'Family-b' }] }],
            },
          },
          'nonsense',
        ],
      },
    })
    const answer = await world.fhir('Observation?patient=pat-a&_total=accurate', token)
    assert.deepEqual(found(answer), ['Observation/vital-a'])
    assert.equal(answer.json.total, undefined)
    assert.doesNotMatch(answer.text, /pat-b|-b"|abc/)
  })

  test('included resources are decided one by one (SAL-145)', async () => {
    world.upstream.put({
      resourceType: 'Observation',
      id: 'crossed',
      status: 'final',
      subject: { reference: 'Patient/pat-a' },
      encounter: { reference: 'Encounter/enc-b' },
    })
    const answer = await world.fhir(
      'Observation?_id=crossed&_include=Observation:encounter&_include=Observation:subject',
      token,
    )
    assert.deepEqual(found(answer), ['Observation/crossed', 'Patient/pat-a'])
    const back = await world.fhir('Encounter?_revinclude=Observation:encounter', token)
    assert.deepEqual(found(back), ['Encounter/enc-a'])
    const narrow = await world.token({ scope: 'patient/Observation.rs' })
    assert.equal((await world.fhir('Observation?_include=Observation:encounter', narrow)).status, 403)
    assert.equal((await world.fhir('Observation?_revinclude=Provenance:target', narrow)).status, 403)
  })

  test('what points at matches of several patients is included only where all of it is open', async () => {
    const mixed = await world.token({ scope: 'user/Encounter.rs patient/Observation.rs' })
    assert.equal((await world.fhir('Encounter?_revinclude=Observation:encounter', mixed)).status, 403)
    const open = await world.token({ scope: 'user/Encounter.rs user/Observation.rs' })
    assert.equal((await world.fhir('Encounter?_revinclude=Observation:encounter', open)).status, 200)
  })

  test('that not everything was included is told, in our words', async () => {
    world.upstream.misbehave = () => ({
      body: {
        resourceType: 'Bundle',
        type: 'searchset',
        entry: [
          { resource: world.upstream.stored('Encounter', 'enc-a'), search: { mode: 'match' } },
          {
            resource: {
              resourceType: 'OperationOutcome',
              issue: [{ severity: 'warning', code: 'too-costly', diagnostics: 'Family-b' }],
            },
            search: { mode: 'outcome' },
          },
        ],
      },
    })
    const { json, text } = await world.fhir('Encounter?_revinclude=Observation:encounter', token)
    assert.equal(json.entry.length, 2)
    assert.equal(json.entry[1].search.mode, 'outcome')
    assert.equal(json.entry[1].resource.issue[0].code, 'too-costly')
    assert.doesNotMatch(text, /Family-b/)
  })

  test('`_elements` is kept from the server behind and applied here', async () => {
    const answer = await world.fhir('Observation?_id=vital-a&_elements=code&_summary=true', token)
    assert.deepEqual(Object.keys(answer.json.entry[0].resource).sort(), [
      'code',
      'id',
      'meta',
      'resourceType',
      'status',
    ])
    assert.equal(asked().get('_elements'), null)
    assert.equal(asked().get('_summary'), null)
  })

  test('a posted search is decided like any other and stays out of addresses', async () => {
    const post = (body: string) =>
      world.fhir('Observation/_search', token, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
    assert.equal(found(await post('category=laboratory')).join(), 'Observation/lab-a')
    assert.equal(world.upstream.requests.at(-1)?.method, 'POST')
    assert.equal(asked().size, 0)
    assert.equal((await post('patient=pat-b')).status, 403)
  })

  test('unit launches search across patients, within their filter', async () => {
    const unit = await world.token({ scope: 'user/Encounter.rs?class=EMER', patient: undefined })
    assert.equal(found(await world.fhir('Encounter', unit)).length, 2)
    assert.equal((await world.fhir('Encounter?subject:Patient.name=x', unit)).status, 403)
    assert.equal((await world.fhir('Observation', unit)).status, 403)
  })

  test('an answer that is no search result is a fault of the server behind', async () => {
    for (const body of [
      { resourceType: 'Patient', id: 'pat-b' },
      'nonsense',
      { resourceType: 'Bundle', type: 'history' },
    ]) {
      world.upstream.misbehave = () => ({ body })
      const answer = await world.fhir('Observation', token)
      assert.equal(answer.status, 502)
      assert.doesNotMatch(answer.text, /pat-b/)
    }
  })
})
