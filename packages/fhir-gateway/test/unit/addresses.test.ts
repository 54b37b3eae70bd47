import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { generateSigningKey, importSigningKey } from '@uthopp/server-kit/keys'
import { isProblem } from '@uthopp/smart-core/problem'
import { parseImagingRequest } from '#src/dicomweb/imaging-request.ts'
import { pageAt } from '#src/fhir/page-address.ts'
import { createPageSeal, sealKeyOf } from '#src/fhir/page-seal.ts'
import { isShallow, localReference, referencesIn } from '#src/fhir/references.ts'
import { remembered } from '#src/remembered.ts'
import { rebase, rebaseMembers } from '#src/upstream/rebase.ts'

describe('addresses', () => {
  test('a base is rewritten where it stands whole, and nowhere else', () => {
    const toOurs = rebase([
      ['http://up:1/fhir', 'https://out/fhir'],
      ['http://up:1/fhir/dicom', 'https://out/dicom'],
    ])
    assert.equal(toOurs('http://up:1/fhir'), 'https://out/fhir')
    assert.equal(toOurs('x=http://up:1/fhir/Patient/1,y'), 'x=https://out/fhir/Patient/1,y')
    assert.equal(
      toOurs('http://up:1/fhirx http://up:1/fhir.example http://up:1/fhir-2'),
      'http://up:1/fhirx http://up:1/fhir.example http://up:1/fhir-2',
    )
    assert.equal(toOurs('http://up:1/fhir/dicom/studies'), 'https://out/dicom/studies')
    assert.equal(toOurs('httpx://upz1/fhir'), 'httpx://upz1/fhir')
  })

  test('in a resource only the members that hold addresses are rewritten, never what somebody wrote', () => {
    const rewrite = rebaseMembers(rebase([['http://up', 'https://out']]))
    const address = 'http://up/Patient/1'
    const words = `see ${address}`
    const written = {
      text: { div: `<div><a href="${address}">x</a></div>` },
      note: [{ text: words }],
      valueString: address,
      data: address,
      name: [address],
      address: [{ line: [address] }],
      constructor: address,
    }
    const addresses = {
      subject: { reference: address },
      meta: { profile: [address], source: address },
      extension: [{ url: address, valueUri: address, valueReference: { reference: address } }],
      identifier: [{ system: address, value: address }],
      link: [{ relation: 'next', url: address }],
    }
    const ours = 'https://out/Patient/1'
    assert.deepEqual(rewrite({ ...written, contained: [addresses] }), {
      ...written,
      contained: [
        {
          subject: { reference: ours },
          meta: { profile: [ours], source: ours },
          extension: [{ url: ours, valueUri: ours, valueReference: { reference: ours } }],
          identifier: [{ system: ours, value: address }],
          link: [{ relation: 'next', url: ours }],
        },
      ],
    })
    assert.deepEqual(rewrite([1, null, true, 'http://up']), [1, null, true, 'http://up'])
  })

  test('two bases that are each other’s targets do not chase one another', () => {
    const swap = rebase([
      ['http://a', 'http://b'],
      ['http://b', 'http://a'],
    ])
    assert.equal(swap('http://a http://b'), 'http://b http://a')
  })

  test('a reference is local relative to its bases only', () => {
    const bases = ['https://out/fhir']
    assert.deepEqual(localReference('Patient/1', bases), { type: 'Patient', id: '1' })
    assert.deepEqual(localReference('https://out/fhir/Patient/1/_history/2', bases), { type: 'Patient', id: '1' })
    for (const other of [
      'https://out/fhirx/Patient/1',
      'http://evil/fhir/Patient/1',
      '#p',
      'urn:uuid:1',
      'Patient?x=1',
      'Patient/1/x',
    ]) {
      assert.equal(localReference(other, bases), undefined, other)
    }
  })

  test('references are found however deep, in whatever holds them', () => {
    const resource = {
      subject: { reference: 'a' },
      extension: [{ valueReference: { reference: 'b' } }],
      contained: [{ x: { reference: 'c' } }],
    }
    assert.deepEqual([...referencesIn(resource)], ['a', 'b', 'c'])
  })

  test('depth is counted outside strings', () => {
    assert.equal(isShallow(`{"a":"${'['.repeat(500)}\\"["}`), true)
    assert.equal(isShallow('['.repeat(65)), false)
  })

  test('a sealed page opens only here, for its holder, and only unaltered', () => {
    const { holder, ...page } = {
      upstreamUrl: 'http://up/fhir?_getpages=1',
      search: 'Observation',
      holder: 'x',
      skip: 0,
    }
    const seal = createPageSeal()
    const sealed = seal.seal({ ...page, holder })
    assert.deepEqual(seal.open(sealed, holder), page)
    assert.equal(seal.open(sealed, 'y'), undefined)
    assert.equal(createPageSeal().open(sealed, holder), undefined)
    for (const bent of [sealed.slice(1), `${sealed.slice(0, -2)}AA`, '', 'x', 'a'.repeat(200)])
      assert.equal(seal.open(bent, holder), undefined)
  })

  test('a link given by one node is followed at another that has the same key', async () => {
    const key = await generateSigningKey('ES256')
    const page = { upstreamUrl: 'http://up/fhir?x', search: 'Observation', skip: 3 }
    const sealed = createPageSeal(sealKeyOf(key)).seal({ ...page, holder: 'x' })
    assert.deepEqual(createPageSeal(sealKeyOf(await importSigningKey(key.privateJwk))).open(sealed, 'x'), page)
    assert.equal(createPageSeal(sealKeyOf(await generateSigningKey('ES256'))).open(sealed, 'x'), undefined)
  })

  test('how long a seal is follows from the search, not from where its page lies', () => {
    const seal = createPageSeal()
    const lengthAt = (search: string, offset: number, skip: number): number => {
      const upstreamUrl = `http://store.example/993467049/fhir/${encodeURIComponent(search)}&_offset=${offset}`
      return seal.seal({ upstreamUrl, search, holder: 'x'.repeat(100), skip }).length
    }
    for (let length = 0; length < 4000; length += 37) {
      const search = `Observation?code=${'|'.repeat(length)}`
      assert.equal(lengthAt(search, 1, 0), lengthAt(search, 999_999_999, 499), search)
    }
  })

  test('a page is moved and made wider where its address counts matches, and never where it speaks in other words', () => {
    const at = (url: string) => pageAt(url, { after: 3, count: 500 })
    assert.equal(at('http://up/O?code=a%7Cb&_count=4&_offset=8'), 'http://up/O?code=a%7Cb&_count=500&_offset=11')
    assert.equal(
      at('http://up?_getpages=7d&_getpagesoffset=0&_count=20'),
      'http://up?_getpages=7d&_getpagesoffset=3&_count=500',
    )
    assert.equal(
      at('http://up/O?_count=4&_offset=8&_include=O:p&_revinclude:iterate=Q:o'),
      'http://up/O?_count=500&_offset=11',
    )
    for (const other of [
      'http://up/O',
      'http://up/O?_offset=8',
      'http://up/O?_count=4&_page=2',
      'http://up/O?_count=4&_offset=-1',
      'http://up/O?_count=4&_offset=8&_offset=9',
      'http://up/O?_count=4&ct=abc',
    ])
      assert.equal(at(other), undefined, other)
  })

  test('only reading within a study, and finding studies, are imaging requests', () => {
    const kind = (path: string, method = 'GET'): string => {
      const request = parseImagingRequest(method, path)
      if (isProblem(request)) return 'refused'
      return request.kind === 'find-studies' ? 'find' : request.answers
    }
    const cases: readonly (readonly [string, string])[] = [
      ['studies', 'find'],
      ['studies/1.2', 'bytes'],
      ['studies/1.2/series', 'json'],
      ['studies/1.2/instances', 'json'],
      ['studies/1.2/metadata', 'json'],
      ['studies/1.2/series/3', 'bytes'],
      ['studies/1.2/series/3/instances', 'json'],
      ['studies/1.2/series/3/metadata', 'json'],
      ['studies/1.2/series/3/instances/4', 'bytes'],
      ['studies/1.2/series/3/instances/4/metadata', 'json'],
      ['studies/1.2/series/3/instances/4/frames/1,2', 'bytes'],
      ['studies/1.2/series/3/instances/4/rendered', 'bytes'],
      ['studies/1.2/series/3/instances/4/bulkdata/7FE00010', 'bytes'],
      ['', 'refused'],
      ['series', 'refused'],
      ['studies/x', 'refused'],
      ['studies/1.2/', 'refused'],
      ['studies/1.2/series/3/instances/4/frames/x', 'refused'],
      ['studies/1.2/series/../../9.9', 'refused'],
      ['studies/1.2/bulkdata/..', 'refused'],
      ['studies/1.2/bulkdata/a.b', 'refused'],
      [`studies/${'1'.repeat(65)}`, 'refused'],
    ]
    for (const [path, expected] of cases) assert.equal(kind(path), expected, path)
    assert.equal(kind('studies/1.2', 'DELETE'), 'refused')
  })

  test('what is remembered is shared, expires, is bounded, and a failure is not kept', async () => {
    let now = 0
    let asked = 0
    const remember = remembered<number>({ forMs: 10, limit: 2, now: () => new Date(now) })
    const ask = async () => (asked += 1)
    assert.deepEqual(await Promise.all([remember('a', ask), remember('a', ask)]), [1, 1])
    now = 10
    assert.equal(await remember('a', ask), 2)
    await remember('b', ask)
    await remember('c', ask)
    assert.equal(await remember('a', ask), 5)
    await assert.rejects(remember('d', () => Promise.reject(new Error('no'))))
    assert.equal(await remember('d', ask), 6)
  })
})
