import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { Says } from '../policy-stub.ts'
import { type Answer, furnish, type Loose, startWorld, type World } from '../world.ts'

const BLOCKED = { reasonCode: 'blocked-by-patient', rules: ['guard-blocked'] } as const
const BANNER = [{ id: 'banner', type: 'banner', properties: { code: 'sperret-finnes' } }] as const

describe('a search, where policy hides some of what is found', () => {
  let world: World
  before(async () => {
    world = await startWorld({ stage: 'enforce' })
    furnish(world.upstream)
    for (let index = 0; index < 12; index += 1)
      world.upstream.put({
        resourceType: 'Condition',
        id: `c${String(index).padStart(2, '0')}`,
        subject: { reference: 'Patient/pat-a' },
        encounter: { reference: 'Encounter/enc-a' },
      })
    world.upstream.remove('Condition', 'con-a')
  })
  after(() => world.close())
  beforeEach(() => {
    world.policy.says = () => undefined
    world.policy.asked.length = 0
    world.policy.batches.length = 0
    world.upstream.requests.length = 0
  })

  const hide = (...ids: readonly string[]): void => {
    world.policy.says = ({ question }) =>
      'resource' in question && ids.includes(question.resource.id ?? '') ? BLOCKED : undefined
  }
  const get = async (path: string, claims: Readonly<Record<string, unknown>> = {}): Promise<Answer> =>
    world.fhir(path, await world.token(claims))
  const idsOf = (bundle: Loose): string[] => (bundle.entry ?? []).map(({ resource }: Loose) => resource.id)
  const nextOf = (bundle: Loose): string | undefined =>
    bundle.link.find(({ relation }: Loose) => relation === 'next')?.url

  /** Every page of a search, by its ids. */
  const pagesOf = async (path: string): Promise<string[][]> => (await answersOf(path)).map(({ json }) => idsOf(json))

  async function answersOf(path: string): Promise<Answer[]> {
    const token = await world.token()
    const pages: Answer[] = []
    let next: string | undefined = path
    while (next !== undefined && pages.length < 20) {
      const answer: Answer = await world.fhir(next, token)
      assert.equal(answer.status, 200, answer.text)
      pages.push(answer)
      next = nextOf(answer.json)?.split('/fhir/')[1] ?? nextOf(answer.json)?.split('/fhir')[1]
    }
    return pages
  }
  const all = Array.from({ length: 12 }, (_, index) => `c${String(index).padStart(2, '0')}`)

  test('has pages as full as if what is hidden were not there, and none that is empty', async () => {
    for (const hidden of [
      [],
      ['c00'],
      ['c03', 'c04'],
      ['c00', 'c01', 'c02', 'c03'],
      ['c08', 'c09', 'c10', 'c11'],
      ['c11'],
      ['c01', 'c05', 'c06', 'c07', 'c10'],
      all,
    ]) {
      hide(...hidden)
      const left = all.filter((id) => !hidden.includes(id))
      const pages = await pagesOf('Condition?_count=4')
      assert.deepEqual(pages.flat(), left, `without ${hidden.join(' ')}`)
      const expected = Math.max(1, Math.ceil(left.length / 4))
      assert.deepEqual(
        pages.map(({ length }) => length),
        Array.from({ length: expected }, (_, index) => Math.min(4, left.length - index * 4)),
      )
    }
  })

  test('shows what comes along once and after its matches, however many pages it took to fill one', async () => {
    const expected = ['c02', 'c05', 'c07', 'enc-a']
    hide('c00', 'c01', 'c03', 'c04', 'c06')
    const answer = await get('Condition?_count=3&_include=Condition:encounter')
    assert.deepEqual(idsOf(answer.json), expected)
    assert.deepEqual(
      answer.json.entry.map(({ search }: Loose) => search.mode),
      ['match', 'match', 'match', 'include'],
    )
    const urls = answer.json.entry.map(({ fullUrl }: Loose) => fullUrl)
    assert.equal(new Set(urls).size, urls.length)
    // Nor does the order of what comes along tell which of its matches was first.
    const along = (id: string) => ({ resourceType: 'Encounter', id, status: 'finished', class: { code: 'AMB' } })
    const of = (id: string, visit: string) => ({
      resourceType: 'Procedure',
      id,
      status: 'completed',
      subject: { reference: 'Patient/pat-a' },
      encounter: { reference: `Encounter/${visit}` },
    })
    const subject = { reference: 'Patient/pat-a' }
    world.upstream.put({ ...along('visit-y'), subject }, { ...along('visit-x'), subject })
    world.upstream.put(of('before', 'visit-y'), of('next', 'visit-x'), of('then', 'visit-y'))
    hide()
    const shown = await get('Procedure?_include=Procedure:encounter')
    hide('before')
    const hidden = await get('Procedure?_include=Procedure:encounter')
    for (const id of ['before', 'next', 'then']) world.upstream.remove('Procedure', id)
    assert.deepEqual(idsOf(shown.json), ['before', 'next', 'then', 'visit-x', 'visit-y'])
    assert.deepEqual(idsOf(hidden.json), ['next', 'then', 'visit-x', 'visit-y'])
  })

  test('counts what is shown, or nothing', async () => {
    hide('c03', 'c04')
    assert.equal((await get('Condition?_summary=count')).json.total, 10)
    assert.equal((await get('Condition?_total=accurate')).json.total, 10)
    assert.equal('total' in (await get('Condition?_total=accurate&_count=4')).json, false)
    hide(...all)
    const nothing = await get('Condition?_total=accurate')
    assert.deepEqual([nothing.json.total, nothing.json.entry], [0, undefined])
    assert.equal((await get('Condition?_summary=count')).json.total, 0)
  })

  test('looks like one that finds nothing, when all it finds is hidden', async () => {
    hide('c03')
    const blank = ({ status, text, headers }: Answer, id: string) => [
      status,
      text.replaceAll(id, 'x'),
      headers.get('etag'),
    ]
    const [hidden, unknown] = [await get('Condition?_id=c03'), await get('Condition?_id=c77')]
    assert.deepEqual(blank(hidden, 'c03'), blank(unknown, 'c77'))
  })

  test('looks like one that finds nothing however short its pages are', async () => {
    const bare = (answer: Answer, type: string) => [
      answer.status,
      answer.text.replaceAll(type, 'x'),
      answer.headers.get('etag'),
    ]
    hide(...all)
    for (let count = 1; count <= 12; count += 1) {
      const hidden = bare(await get(`Condition?_count=${count}`), 'Condition')
      assert.deepEqual(hidden, bare(await get(`Procedure?_count=${count}`), 'Procedure'), `pages of ${count}`)
    }
    hide(...all.slice(1))
    assert.deepEqual(await pagesOf('Condition?_count=1'), [['c00']])
    hide(...all.slice(0, -1))
    assert.deepEqual(await pagesOf('Condition?_count=1'), [['c11']])
    hide(...all.slice(1, -1))
    assert.deepEqual(await pagesOf('Condition?_count=1'), [['c00'], ['c11']])
  })

  test('loses nothing behind more that is hidden than is gone through at once', async () => {
    const many = Array.from({ length: 230 }, (_, index) => `p${index}`)
    for (const id of many)
      world.upstream.put({
        resourceType: 'Procedure',
        id,
        status: 'completed',
        subject: { reference: 'Patient/pat-a' },
      })
    hide(...many.slice(0, -1))
    assert.deepEqual((await pagesOf('Procedure?_count=1')).flat(), ['p229'])
    for (const id of many) world.upstream.remove('Procedure', id)
  })

  test('is refused on a chain through what policy decides, and not on what is found itself or its patient', async () => {
    const user = { scope: 'user/*.rs', patient: undefined }
    for (const path of [
      'Condition?encounter.class=EMER',
      'Patient?_has:Observation:patient:code=hiv',
      'Encounter?_has:Condition:encounter:code=x',
    ])
      for (const claims of [user, {}]) assert.equal((await get(path, claims)).status, 403, path)
    assert.equal((await get('Patient?_has:Observation:patient:code=hiv')).status, 403)
    for (const path of ['Condition?code=x', 'Condition?patient.name=Family-a', 'Condition?_sort=_id'])
      assert.equal((await get(path)).status, 200, path)
  })

  test('decides what comes along like what matches', async () => {
    const path = 'Condition?_id=c01&_include=Condition:encounter&_include=Condition:subject'
    assert.deepEqual(idsOf((await get(path)).json).sort(), ['c01', 'enc-a', 'pat-a'])
    hide('enc-a')
    assert.deepEqual(idsOf((await get(path)).json).sort(), ['c01', 'pat-a'])
    hide('c02')
    assert.ok(!idsOf((await get('Encounter?_id=enc-a&_revinclude=Condition:encounter')).json).includes('c02'))
    hide('c01')
    assert.equal((await get(path)).json.entry, undefined)
  })

  test('a compartment, a batch, a transaction and a form are searches like any other', async () => {
    hide('c03')
    assert.ok(!idsOf((await get('Patient/pat-a/Condition')).json).includes('c03'))
    const token = await world.token()
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const posted = await world.fhir('Condition/_search', token, { method: 'POST', body: '_count=50', headers: form })
    assert.deepEqual(
      idsOf(posted.json),
      all.filter((id) => id !== 'c03'),
    )
    for (const type of ['batch', 'transaction']) {
      const entry = ['Condition?_count=50', ...(type === 'batch' ? ['Condition/c03'] : [])].map((url) => ({
        request: { method: 'GET', url },
      }))
      const answer = await world.fhir('', token, {
        method: 'POST',
        body: JSON.stringify({ resourceType: 'Bundle', type, entry }),
        headers: { 'content-type': 'application/fhir+json' },
      })
      assert.equal(answer.status, 200, answer.text)
      assert.ok(!answer.text.includes('"c03"'))
      if (type === 'batch') assert.equal(answer.json.entry[1].response.status, '404')
    }
  })

  test('asks for all resources of a page in one question, with the units of their visits', async () => {
    world.upstream.put({
      resourceType: 'Encounter',
      id: 'enc-a',
      status: 'in-progress',
      class: { code: 'EMER' },
      subject: { reference: 'Patient/pat-a' },
      location: [{ location: { reference: 'Location/lok101' } }],
      serviceProvider: { reference: 'Organization/afa101' },
    })
    world.clock.ahead = 10 // what was known of the visit is too old by now
    await get('Condition?_count=50')
    world.clock.ahead = 0
    assert.deepEqual(world.policy.batches, [1, 12], 'the standing, and the page')
    const [about] = world.policy.asked.slice(1).map(({ question }) => 'resource' in question && question.resource)
    assert.ok(about)
    assert.deepEqual(about.units.toSorted(), ['afa101', 'lok101'])
    assert.equal(world.upstream.requests.filter(({ path }) => path === '/fhir/Encounter').length, 1)
  })

  test('tells that something is blocked to those who could open it, and shows no sign of it to others', async () => {
    const says =
      (obligations: readonly object[]): Says =>
      ({ question }) =>
        'resource' in question && question.resource.id === 'c03'
          ? { ...BLOCKED, obligations: obligations as never } // the types are those of the test
          : undefined
    world.policy.says = says(BANNER)
    const told = await get('Condition?_count=50')
    const outcomes = told.json.entry.filter(({ search }: Loose) => search.mode === 'outcome')
    assert.equal(outcomes.length, 1)
    assert.deepEqual(outcomes[0].resource.issue[0].details.coding[0].code, 'sperret-finnes')
    assert.doesNotMatch(told.text, /"c03"/)
    world.policy.says = says([])
    const untold = await get('Condition?_count=50')
    assert.ok(untold.json.entry.every(({ search }: Loose) => search.mode === 'match'))
  })

  test('tells of something blocked beside everything of a type alone, never beside what would say what it holds', async () => {
    world.policy.says = ({ question }) =>
      'resource' in question && question.resource.id === 'c03' ? { ...BLOCKED, obligations: BANNER } : undefined
    const tells = async (path: string, claims: object = {}) =>
      (await get(path, { ...claims })).text.includes('sperret-finnes')
    for (const path of [
      'Condition',
      'Condition?patient=pat-a',
      'Condition?subject=Patient/pat-a&_sort=-_lastUpdated',
      'Condition?_count=50',
      'Condition?_count=1',
      'Condition?_count=3',
      'Condition?_count=4',
      'Condition?_count=4&_sort=code',
      'Patient/pat-a/Condition',
    ])
      assert.equal(await tells(path), true, path)
    for (const path of [
      'Condition?_id=c03',
      'Condition?code=x',
      'Condition?category=x',
      'Condition?patient=pat-a&clinical-status=active',
      'Condition?_lastUpdated=gt2020-01-01',
      'Condition?encounter=Encounter/enc-a',
      'Condition?_security=R',
      'Condition?_include=Condition:encounter',
      'Condition?_offset=3',
      'Encounter?_revinclude=Condition:encounter',
      'Goal',
    ])
      assert.equal(await tells(path), false, path)
    assert.equal(await tells('Condition', { scope: 'patient/Condition.rs?category=x' }), false)
    const [first, ...further] = await answersOf('Condition?_count=4')
    assert.deepEqual(
      [first, ...further].map((answer) => answer?.text.includes('sperret-finnes')),
      [true, false, false],
    )
    const entry = ['Condition?code=x', 'Condition?_id=c03', 'Goal'].map((url) => ({ request: { method: 'GET', url } }))
    const batch = await world.fhir('', await world.token(), {
      method: 'POST',
      body: JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry }),
      headers: { 'content-type': 'application/fhir+json' },
    })
    assert.doesNotMatch(batch.text, /sperret-finnes/)
  })

  test('a history has pages as full as if what is hidden were not there, and none that is empty', async () => {
    const marked = (mark: string) => ({
      resourceType: 'Goal',
      id: 'goal',
      description: { text: mark },
      meta: { security: [{ system: 'urn:x', code: mark }] },
      subject: { reference: 'Patient/pat-a' },
    })
    for (let version = 1; version <= 10; version += 1) world.upstream.put(marked(`m${version}`))
    const newestFirst = Array.from({ length: 10 }, (_, index) => `m${10 - index}`)
    const marksOf = ({ json }: Answer): string[] =>
      (json.entry ?? []).map(({ resource }: Loose) => resource.description.text)
    for (const hidden of [
      [],
      ['m9'],
      ['m7'],
      ['m8', 'm7', 'm6', 'm5'],
      ['m3', 'm2', 'm1'],
      newestFirst.slice(1),
      ['m1'],
    ]) {
      world.policy.says = ({ question }) =>
        'resource' in question && question.resource.labels.some((label) => hidden.includes(label.slice(6)))
          ? BLOCKED
          : undefined
      const pages = (await answersOf('Goal/goal/_history?_count=3')).map(marksOf)
      const left = newestFirst.filter((mark) => !hidden.includes(mark))
      assert.deepEqual(pages.flat(), left, `without ${hidden.join(' ')}`)
      assert.deepEqual(
        pages.map(({ length }) => length),
        Array.from({ length: Math.ceil(left.length / 3) }, (_, index) => Math.min(3, left.length - index * 3)),
      )
    }
    world.policy.says = () => undefined
    const whole = await get('Goal/goal/_history')
    assert.deepEqual([whole.json.total, whole.json.entry.length], [undefined, 10])
    const first = await get('Goal/goal/_history?_count=3')
    const next = nextOf(first.json)?.split('/fhir')[1] ?? ''
    assert.equal((await get(next, { client_id: 'another-app' })).status, 404)
    world.upstream.remove('Goal', 'goal')
  })

  test('a type’s history is for nobody while policy may hide some of it', async () => {
    const user = { scope: 'user/Condition.rs', patient: undefined }
    assert.equal((await get('Condition/_history', user)).status, 403)
    hide('c01')
    assert.equal((await get('Condition/c01/_history', user)).status, 404)
    assert.equal((await get('Condition/c02/_history', user)).status, 200)
  })

  test('without standing towards a patient named by an open token the search is refused', async () => {
    world.policy.says = ({ question }) =>
      'resource' in question && question.resource.patient === 'pat-b' ? { reasonCode: 'no-care-relation' } : undefined
    const user = { scope: 'user/Observation.rs', patient: undefined }
    assert.equal((await get('Observation?patient=pat-b', user)).status, 403)
    assert.equal((await get('Observation?patient=pat-a', user)).status, 200)
    assert.deepEqual(idsOf((await get('Observation', user)).json).sort(), ['lab-a', 'vital-a'])
    // A refusal of its own would tell that there is something under the id.
    const bare = (answer: Answer) => [answer.status, answer.text, answer.headers.get('www-authenticate')]
    assert.deepEqual(bare(await get('Observation/lab-b', user)), bare(await get('Observation/nowhere', user)))
    assert.equal((await get('Observation/lab-b', user)).status, 404)
  })
})
