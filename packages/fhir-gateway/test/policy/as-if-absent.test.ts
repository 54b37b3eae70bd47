import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { hidingWorld, nextOf } from './hiding-world.ts'

/** Several, the same in every run. */
const SEEDS = [1, 20_261_120, 606_070_705] as const

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

const from = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => first + index)

type Dice = ReturnType<typeof dice>

describe('a search, whatever its shape, where policy hides some of what is found', () => {
  const { world, stored, hide, withTheirs, told, compare, get, post, inBundle } = hidingWorld()

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
    const asked = process.env['SEED']
    const seeds = asked === undefined ? SEEDS.flatMap((first) => from(first, 40)) : from(Number(asked), 120)
    for (const seed of seeds) {
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
      world().policy.mark = rolled.oneOf(undefined, `mark-${seed}`)
      world().upstream.mostIncluded = rolled.oneOf(1000, 3)
      world().upstream.mostMatches = rolled.oneOf(10_000, 10_000, 2)
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

  test('loses nothing that comes along where the server behind makes its pages shorter than they are asked for', async () => {
    const path = 'Condition?_include=Condition:encounter&_include:iterate=Encounter:part-of&_count=20'
    for (const mostMatches of [10_000, 5, 1]) {
      hide([['Condition', 'con00']])
      world().upstream.mostMatches = mostMatches
      const found = new Set<string>()
      for (const { text } of await told(get(path), await world().token(), path)) {
        assert.ok(!text.includes('too-costly'), text)
        for (const [id] of text.matchAll(/(?<="id":")enc\d/g)) found.add(id)
      }
      assert.deepEqual([...found].toSorted(), ['enc0', 'enc1', 'enc2', 'enc3', 'enc4', 'enc5'], `${mostMatches} a page`)
    }
  })

  test('counts matches alone, and a count has no pages', async () => {
    const counted = async (path: string, claims: object = {}): Promise<unknown> => {
      const answer = await get(path)(await world().token({ ...claims }))
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
})
