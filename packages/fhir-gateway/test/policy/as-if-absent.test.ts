import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type Answer, type Loose, OUTSIDE, startWorld, type World } from '../world.ts'

const BLOCKED = { reasonCode: 'blocked-by-patient', rules: ['guard-blocked'] } as const
const OWN = { reference: 'Patient/pat-a' }

/** A generator of its own (mulberry32), so that a failure can be made again from the seed it names. */
function dice(seed: number) {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (count: number): number => Math.floor(next() * count)
  return {
    chance: (share: number) => next() < share,
    oneOf: <T>(...from: readonly T[]): T => from[below(from.length)] as T, // never asked of nothing
    some: <T>(from: readonly T[], share: number): T[] => from.filter(() => next() < share),
  }
}
type Dice = ReturnType<typeof dice>

describe('a search, whatever its shape, where policy hides some of what is found', () => {
  let world: World
  const stored: (readonly [type: string, id: string])[] = []
  before(async () => {
    world = await startWorld({ stage: 'enforce' })
    const put = (resourceType: string, id: string, more: object): void => {
      stored.push([resourceType, id])
      world.upstream.put({ resourceType, id, ...more })
    }
    const code = (index: number) => ({ coding: [{ code: ['x', 'y', 'z'][index % 3] }] })
    for (const who of ['a', 'b', 'c'])
      put('Patient', `pat-${who}`, { identifier: [{ value: `number-${who}` }], birthDate: '1968-01-27' })
    for (const id of ['org0', 'org1']) put('Organization', id, { name: id })
    for (let index = 0; index < 6; index += 1)
      put('Encounter', `enc${index}`, {
        status: 'finished',
        class: { code: 'AMB' },
        subject: OWN,
        serviceProvider: { reference: `Organization/org${index % 2}` },
        ...(index > 1 ? { partOf: { reference: `Encounter/enc${index - 2}` } } : {}),
      })
    for (let index = 0; index < 14; index += 1)
      put('Condition', `con${String(index).padStart(2, '0')}`, {
        code: code(index),
        subject: index % 7 === 6 ? { reference: index === 6 ? 'Patient/pat-b' : 'Patient/pat-c' } : OWN,
        ...(index % 7 === 6 ? {} : { encounter: { reference: `Encounter/enc${index % 6}` } }),
      })
    for (let index = 0; index < 9; index += 1)
      put('Observation', `obs${index}`, {
        status: 'final',
        code: code(index + 1),
        category: [{ coding: [{ code: index % 2 === 0 ? 'vital-signs' : 'laboratory' }] }],
        subject: OWN,
        encounter: { reference: `Encounter/enc${(index * 5) % 6}` },
      })
  })
  after(() => world.close())
  beforeEach(() => {
    world.policy.says = () => undefined
    world.upstream.mostIncluded = 1000
  })

  const hide = (hidden: readonly (readonly [string, string])[]): void => {
    const names = new Set(hidden.map(([type, id]) => `${type}/${id}`))
    world.policy.says = ({ question }) =>
      'resource' in question && names.has(`${question.resource.type}/${question.resource.id ?? ''}`)
        ? BLOCKED
        : undefined
  }

  /** What remains of an answer when the moment it was given, and what is sealed, are set aside. How long a seal is, is not. */
  const bare = ({ status, headers, text }: Answer) => ({
    status,
    headers: [...headers].filter(([name]) => !['date', 'traceparent', 'x-correlation-id'].includes(name)),
    text: text
      .replaceAll(/_uthopp-page=[\w-]+/g, (link) => `sealed in ${link.length}`)
      .replaceAll(/[\da-f]{32}/g, 'correlation'),
  })

  /** Whoever is shown a patient's data may see who the patient is, so a hidden Patient hides what is theirs. */
  const withTheirs = (hidden: readonly (readonly [string, string])[]) => {
    const gone = new Set(hidden.filter(([type]) => type === 'Patient').map(([, id]) => `Patient/${id}`))
    const names = new Set(hidden.map(([, id]) => id))
    return stored.filter(([type, id]) => {
      const resource: Loose = world.upstream.stored(type, id)
      return names.has(id) || gone.has(resource?.subject?.reference)
    })
  }

  type Question = (token: string) => Promise<Answer>
  const nextOf = ({ json }: Answer): string | undefined =>
    (json?.link ?? json?.entry?.[0]?.resource?.link)?.find(({ relation }: Loose) => relation === 'next')?.url

  /** An answer and all pages after it. */
  async function told(ask: Question, token: string, label = ''): Promise<readonly ReturnType<typeof bare>[]> {
    const pages: Answer[] = []
    let answer: Answer | undefined = await ask(token)
    while (answer !== undefined && pages.length < 40) {
      pages.push(answer)
      const next = nextOf(answer)
      answer =
        next === undefined
          ? undefined
          : await world.at(next.slice(OUTSIDE.length), { headers: { authorization: `Bearer ${token}` } })
    }
    assert.ok(pages.length < 40, `${label}: the pages end`)
    return pages.map(bare)
  }

  /** The same question to a gateway that hides some, and to one in whose store they never were. */
  async function compare(
    label: string,
    ask: Question,
    hidden: readonly (readonly [string, string])[],
    claims: object = {},
  ): Promise<void> {
    hide(hidden)
    const kept = hidden.flatMap(([type, id]) => world.upstream.stored(type, id) ?? [])
    const withHidden = await told(ask, await world.token({ ...claims }), label)
    for (const [type, id] of hidden) world.upstream.remove(type, id)
    hide([])
    const withoutThem = await told(ask, await world.token({ ...claims }), label)
    world.upstream.put(...kept)
    assert.deepEqual(withHidden, withoutThem, `${label} without ${hidden.map(([, id]) => id).join(' ')}`)
  }

  const get =
    (path: string): Question =>
    (token) =>
      world.fhir(path, token)
  const post =
    (type: string, form: string): Question =>
    (token) =>
      world.fhir(`${type}/_search`, token, {
        method: 'POST',
        body: form,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      })
  const inBundle =
    (type: 'batch' | 'transaction', url: string): Question =>
    (token) =>
      world.fhir('', token, {
        method: 'POST',
        body: JSON.stringify({ resourceType: 'Bundle', type, entry: [{ request: { method: 'GET', url } }] }),
        headers: { 'content-type': 'application/fhir+json' },
      })

  const INCLUDES: Readonly<Record<string, readonly string[]>> = {
    Condition: ['_include=Condition:encounter', '_include=Condition:subject', '_include=Condition:encounter:Encounter'],
    Observation: ['_include=Observation:encounter', '_include=Observation:subject:Patient'],
    Organization: ['_revinclude=Encounter:service-provider'],
    Encounter: [
      '_include=Encounter:part-of',
      '_include=Encounter:service-provider',
      '_revinclude=Condition:encounter',
      '_revinclude=Observation:encounter',
    ],
    Patient: ['_revinclude=Condition:subject', '_revinclude=Observation:patient', '_revinclude=Encounter:subject'],
  }
  const ITERATED = [
    '_include:iterate=Encounter:part-of',
    '_revinclude:iterate=Encounter:part-of',
    '_include:iterate=Encounter:service-provider',
    '_revinclude:iterate=Condition:encounter',
  ]

  function shapeOf({ chance, oneOf, some }: Dice): { readonly type: string; readonly query: string } {
    const type = oneOf('Condition', 'Condition', 'Observation', 'Encounter', 'Patient', 'Organization')
    const ids = stored.filter(([of]) => of === type).map(([, id]) => id)
    const coded = type === 'Condition' || type === 'Observation'
    const includes = some(INCLUDES[type] ?? [], 0.25)
    const params = [
      ...(chance(0.8) ? [`_count=${oneOf(0, 1, 1, 1, 2, 3, 5, 50)}`] : []),
      ...(chance(0.5) ? [`_total=${oneOf('accurate', 'estimate', 'none')}`] : []),
      ...(chance(0.1) ? [`_summary=${oneOf('count', 'true', 'data')}`] : []),
      ...(chance(0.1) ? ['_elements=code'] : []),
      ...(chance(0.3) ? [`_sort=${oneOf('_id', '-_id', ...(coded ? ['code', '-code'] : []))}`] : []),
      ...(chance(0.3) ? [`_id=${[...some(ids, 0.5), 'unknown'].join(',')}`] : []),
      ...(coded && chance(0.4) ? [`code=${oneOf('x', 'y,z', 'w')}`] : []),
      ...(coded && chance(0.15) ? [`encounter=Encounter/${oneOf('enc0', 'enc1', 'enc4')}`] : []),
      ...(type !== 'Patient' && type !== 'Organization' && chance(0.15)
        ? [`patient:Patient.identifier=${oneOf('number-a', 'number-b')}`]
        : []),
      ...(type === 'Patient' && chance(0.3)
        ? [`identifier=${oneOf('number-a', 'number-a,number-b', 'number-c')}`]
        : []),
      ...includes,
      ...(includes.length > 0 ? some(ITERATED, 0.3) : []),
    ]
    return { type, query: params.join('&') }
  }

  const TOKENS = [
    {},
    {},
    { scope: 'user/*.rs', patient: undefined },
    { scope: 'patient/*.rs user/Condition.rs user/Patient.rs' },
    { scope: 'patient/Observation.rs?category=vital-signs patient/Condition.rs patient/Encounter.rs user/Patient.rs' },
    { scope: 'patient/Observation.rs?category=vital-signs user/Observation.rs?category=laboratory patient/*.rs' },
  ]

  test('is answered, to the byte, as if what is hidden were not there', async () => {
    const started = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
    for (let seed = started; seed < started + 120; seed += 1) {
      const rolled = dice(seed)
      const { type, query } = shapeOf(rolled)
      const path = query === '' ? type : `${type}?${query}`
      const within = type === 'Patient' || type === 'Organization' ? path : `Patient/pat-a/${path}`
      const ask = rolled.oneOf(
        get(path),
        get(path),
        get(within),
        post(type, query),
        inBundle('batch', path),
        inBundle('transaction', path),
      )
      world.policy.mark = rolled.oneOf(undefined, `mark-${seed}`)
      world.upstream.mostIncluded = rolled.oneOf(1000, 3)
      const mayBeHidden = stored.filter(([of]) => of !== 'Organization')
      const hidden = withTheirs(rolled.some(mayBeHidden, rolled.oneOf(0.05, 0.3, 0.7, 1)))
      await compare(`SEED=${seed} ${path}`, ask, hidden, rolled.oneOf(...TOKENS))
    }
  })

  test('tells nothing of a hidden match by its total, its link, what comes along or what it is sorted by', async () => {
    for (const shape of [
      '_count=1&_total=accurate',
      '_count=1',
      '_count=2&_total=estimate',
      '_count=1&_sort=-code',
      '_count=1&_include=Condition:encounter&_include=Condition:subject',
      '_count=0',
      '_summary=count',
      '_count=1&code=x,y',
    ])
      for (const claims of [{}, { scope: 'user/*.rs', patient: undefined }])
        for (const ids of ['con01,con00', 'con00,con01,con02', 'con00', 'con00,con03,con05,con07'])
          await compare(shape, get(`Condition?_id=${ids}&${shape}`), [['Condition', 'con00']], claims)
  })

  test('counts matches alone, and a count has no pages', async () => {
    const counted = async (path: string, claims: object = {}): Promise<unknown> => {
      const answer = await get(path)(await world.token({ ...claims }))
      assert.equal(nextOf(answer), undefined, path)
      return answer.json.total
    }
    const brings = '_include=Encounter:part-of&_revinclude:iterate=Encounter:part-of'
    assert.equal(await counted(`Encounter?_id=enc2,enc3&${brings}&_summary=count`), 2)
    assert.equal(await counted(`Encounter?_count=0&${brings}`), 6)
    await counted('Organization?_count=0', { scope: 'user/*.rs', patient: undefined })
  })

  test('finds nobody and nothing of a patient who is hidden, by whatever they are known', async () => {
    const claims = { scope: 'user/*.rs', patient: undefined }
    const hidden = withTheirs([
      ['Patient', 'pat-b'],
      ['Patient', 'pat-c'],
    ])
    for (const path of [
      'Patient?identifier=number-b&_total=accurate',
      'Patient?identifier=number-a,number-b&_count=1&_total=accurate',
      'Patient?birthdate=1968-01-27&_count=1&_total=accurate',
      'Patient?_id=pat-a,pat-b&_count=1&_total=accurate',
      'Patient?_count=1&_sort=-_id',
      'Patient?identifier=number-b&_revinclude=Condition:patient',
      'Condition?patient:Patient.identifier=number-b&code=x&_total=accurate&_count=1',
      'Condition?patient:Patient.identifier=number-b&_count=1',
      'Condition?patient.identifier=number-b,number-a&code=x&_summary=count',
      'Condition?subject:Patient.identifier=number-c&_count=0',
      'Condition?code=x&_count=1&_sort=-_id&_total=accurate',
    ])
      await compare(path, get(path), hidden, claims)
  })

  describe('of very many', () => {
    const many = Array.from({ length: 1300 }, (_, index) => `many${index}`)
    before(() => {
      for (const id of many)
        world.upstream.put({ resourceType: 'Observation', id, status: 'final', code: { text: 'm' }, subject: OWN })
    })
    beforeEach(() => {
      world.upstream.requests.length = 0
    })
    after(() => {
      for (const id of many) world.upstream.remove('Observation', id)
    })
    const all = () => [...many, ...stored.filter(([type]) => type === 'Observation').map(([, id]) => id)]
    const allBut = (...left: readonly string[]) =>
      all()
        .filter((id) => !left.includes(id))
        .map((id) => ['Observation', id] as const)
    const idsOf = ({ json }: Answer): string[] => (json.entry ?? []).map(({ resource }: Loose) => resource.id)

    test('goes through what is hidden in pages of its own, however short those are that are asked for', async () => {
      hide(allBut())
      for (const path of ['Observation?_count=1', 'Observation?_count=1&_total=accurate&_sort=-_id', 'Observation']) {
        world.upstream.requests.length = 0
        const answer = await world.fhir(path, await world.token())
        assert.deepEqual([idsOf(answer), nextOf(answer)], [[], undefined], path)
        assert.ok(world.upstream.requests.length <= 10, `${world.upstream.requests.length} requests`)
      }
      hide(allBut('many700', 'many1299'))
      const first = await world.fhir('Observation?_count=1&_total=accurate', await world.token())
      assert.deepEqual([idsOf(first), first.json.total], [['many700'], undefined])
      const pages = await told(get('Observation?_count=1'), await world.token())
      assert.deepEqual(
        pages.map(({ text }) => /"id":"(\w+)"/.exec(text)?.[1]),
        ['many700', 'many1299'],
      )
      await compare('all but two', get('Observation?_count=1&_total=accurate'), allBut('many700', 'many1299'))
      await compare('all but some', get('Observation?_count=500&_total=accurate'), allBut(...many.slice(0, 400)))
    })

    test('asks once where nothing is hidden, and once more beside the deciding to know whether more follows', async () => {
      const asked = async (path: string): Promise<number> => {
        world.upstream.requests.length = 0
        const answer = await world.fhir(path, await world.token())
        assert.equal(answer.status, 200)
        // Units of visits are looked up whatever is asked, and remembered for a moment.
        return world.upstream.requests.filter(({ path }) => path !== '/fhir/Encounter').length
      }
      assert.equal(await asked('Observation?_count=50&code=x'), 1)
      assert.equal(await asked('Observation?_count=50&code=m&_id=many1,many2'), 1)
      assert.equal(await asked(`Observation?_count=50&_id=${many.slice(0, 60).join(',')}`), 2)
      assert.equal(await asked('Condition?_include=Condition:encounter&code=x'), 1)
    })

    test('says that something was left out by what is shown alone', async () => {
      const path = 'Patient?_id=pat-a&_revinclude=Observation:patient'
      const cuts = async (): Promise<boolean> => (await get(path)(await world.token())).text.includes('too-costly')
      assert.equal(await cuts(), true)
      hide(allBut('many1', 'many1299'))
      const answer = await get(path)(await world.token())
      assert.deepEqual(idsOf(answer), ['pat-a', 'many1', 'many1299'])
      hide(allBut(...many.slice(1, 1000)))
      assert.equal(await cuts(), false)
      hide(allBut(...many.slice(1, 1001), 'obs1'))
      assert.equal(await cuts(), true)
      await compare(path, get(path), allBut(...many.slice(5, 1005)))
      await compare(path, get(path), allBut(...many.slice(5, 1205)))
    })
  })

  describe('that would never end', () => {
    /** A server whose links say nothing, and every page of which holds one match. */
    const endless = (resource: Loose): void => {
      let page = 0
      world.upstream.misbehave = () => {
        page += 1
        return {
          body: {
            resourceType: 'Bundle',
            type: 'searchset',
            link: [{ relation: 'next', url: `${world.upstream.base}?_getpages=secret&at=${page}` }],
            entry: [{ resource, search: { mode: 'match' } }],
          },
        }
      }
    }
    const batchOf =
      (count: number, url: string): Question =>
      (token) =>
        world.fhir('', token, {
          method: 'POST',
          body: JSON.stringify({
            resourceType: 'Bundle',
            type: 'batch',
            entry: Array.from({ length: count }, () => ({ request: { method: 'GET', url } })),
          }),
          headers: { 'content-type': 'application/fhir+json' },
        })
    const observation = { resourceType: 'Observation', id: 'one', status: 'final', code: { text: 'x' }, subject: OWN }
    beforeEach(() => {
      world.upstream.requests.length = 0
    })
    after(() => {
      world.upstream.misbehave = undefined
    })

    test('ends with a link, whether what it went through was hidden or was nothing that was asked for', async () => {
      hide([['Observation', 'one']])
      const answers = []
      for (const resource of [
        observation,
        { ...observation, resourceType: 'Condition' },
        { ...observation, subject: { reference: 'Patient/pat-b' } },
      ]) {
        endless(resource)
        world.upstream.requests.length = 0
        const answer = await world.fhir('Observation?code=x&_count=1', await world.token())
        assert.ok(nextOf(answer) !== undefined)
        assert.ok(world.upstream.requests.length < 300, `${world.upstream.requests.length} requests`)
        answers.push(bare(answer))
      }
      assert.deepEqual(answers[1], answers[0])
      assert.deepEqual(answers[2], answers[0])
    })

    test('costs the server behind no more in a batch of many than alone, but for a little each', async () => {
      hide([['Observation', 'one']])
      endless(observation)
      const answer = await batchOf(8, 'Observation?code=x&_count=1')(await world.token())
      assert.ok(world.upstream.requests.length < 350, `${world.upstream.requests.length} requests`)
      assert.deepEqual(
        answer.json.entry.map(({ response }: Loose) => response.status),
        Array.from({ length: 8 }, () => '200'),
      )
    })

    test('is refused past what one request may cost, in the words of FHIR, and is logged', async () => {
      hide([['Observation', 'one']])
      endless(observation)
      world.records.length = 0
      const answer = await batchOf(200, 'Observation?code=x&_count=1')(await world.token())
      assert.equal(answer.status, 200)
      assert.equal(world.upstream.requests.length, 1000)
      const last = answer.json.entry.at(-1).response
      assert.deepEqual([last.status, last.outcome.issue[0].code], ['403', 'too-costly'])
      assert.ok(world.records.some(({ outcome }) => outcome === 'refused'))
      const count = await world.fhir('Observation?code=x&_summary=count', await world.token())
      assert.deepEqual([count.status, count.json.issue[0].code], [403, 'too-costly'])
    })
  })
})
