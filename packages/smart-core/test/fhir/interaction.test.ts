import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { type FhirInteraction, parseFhirInteraction } from '#src/fhir/interaction.ts'
import { parsePath } from '#src/fhir/path.ts'
import { isProblem, type Problem } from '#src/problem.ts'
import { corpus, splitRequest } from '#test/corpus.ts'
import { read } from '#test/required.ts'

type Request = { readonly request: string; readonly form?: string; readonly ifNoneExist?: string }
type Interactions = {
  readonly understood: readonly (Request & { readonly kind: string })[]
  readonly refused: readonly (Request & { readonly why: string })[]
}
const interactions = corpus('interactions') as Interactions // our own committed table

function parse({ request, form, ifNoneExist }: Request): FhirInteraction | Problem {
  return parseFhirInteraction({
    ...splitRequest(request),
    ...(form !== undefined && { form, contentType: 'application/x-www-form-urlencoded; charset=utf-8' }),
    ...(ifNoneExist !== undefined && { ifNoneExist }),
  })
}

describe('a FHIR request', () => {
  for (const given of interactions.understood)
    test(`${given.request} is understood as ${given.kind}`, () => assert.equal(read(parse(given)).kind, given.kind))

  for (const given of interactions.refused)
    test(`${JSON.stringify(given.request)} is refused: ${given.why}`, () => assert.ok(isProblem(parse(given))))

  test('that searches by form is decided by the form and the address together', () => {
    const interaction = read(parse({ request: 'POST Observation/_search?code=a', form: 'patient=cdp1001&code=b+c' }))
    assert.equal(interaction.kind, 'search-type')
    assert.deepEqual(
      interaction.kind === 'search-type' && interaction.search.params.map(({ raw, value }) => [raw, value]),
      [
        ['code', 'a'],
        ['patient', 'cdp1001'],
        ['code', 'b c'],
      ],
    )
  })

  test('that searches by something else than a form is refused', () => {
    for (const contentType of ['application/json', 'text/plain', 'multipart/form-data; boundary=x', undefined]) {
      const request = { method: 'POST', path: 'Observation/_search', form: 'patient=cdp1001' }
      assert.ok(isProblem(parseFhirInteraction(contentType === undefined ? request : { ...request, contentType })))
    }
  })

  test('keeps type, id and version apart', () => {
    assert.deepEqual(read(parse({ request: 'GET Observation/o-1/_history/v.2' })), {
      kind: 'vread',
      type: 'Observation',
      id: 'o-1',
      version: 'v.2',
      params: [],
    })
    assert.deepEqual(read(parse({ request: 'POST Patient/p/$everything?_count=2' })), {
      kind: 'operation',
      name: 'everything',
      on: { level: 'instance', type: 'Patient', id: 'p' },
      method: 'POST',
      params: [['_count', '2']],
    })
  })

  test('of any text at all has a meaning or a problem, never a throw', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'Patient',
        'Observation',
        'cdp1001',
        '_history',
        '_search',
        '$x',
        '*',
        '..',
        '.',
        '',
        '%2e',
        '\0',
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
    )
    const path = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('/'))
    const query = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc
        .array(
          fc.tuple(
            fc.constantFrom('_has:', 'subject:Patient.', '_include', '_sort', 'code', ':not', '.', '_list', '_type'),
            fc.string({ maxLength: 12 }),
          ),
          { maxLength: 4 },
        )
        .map((parts) => parts.map(([name, value]) => `${name}${value}=${value}`).join('&')),
    )
    const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'x')
    fc.assert(
      fc.property(method, path, query, (method, path, query) => {
        const parsed = parseFhirInteraction({
          method,
          path,
          query,
          form: query,
          contentType: 'application/x-www-form-urlencoded',
          ifNoneExist: query,
        })
        assert.equal(typeof parsed.kind, 'string')
      }),
      { numRuns: 4000 },
    )
  })

  test('has a path that prints back to exactly the bytes that came', () => {
    const segment = fc.oneof(
      fc.constantFrom('Patient', 'Observation', 'cdp1001', '_history', '_search', '$everything', '*', 'metadata'),
      fc.stringMatching(/^[A-Za-z0-9\-.]{1,10}$/),
    )
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 5 }), (segments) => {
        const path = segments.join('/')
        const parsed = parsePath(path)
        if (isProblem(parsed)) return
        assert.ok(!segments.includes('..') && !segments.includes('.'))
        if (parsed.kind === 'instance') assert.equal(`${parsed.type}/${parsed.id}`, path)
        if (parsed.kind === 'version') assert.equal(`${parsed.type}/${parsed.id}/_history/${parsed.version}`, path)
      }),
      { numRuns: 2000 },
    )
  })

  test('with more parameters or a longer query than anyone needs is refused', () => {
    assert.ok(isProblem(parse({ request: `GET Observation?${'code=a&'.repeat(201)}` })))
    assert.ok(isProblem(parse({ request: `GET Observation?code=${'a'.repeat(40_000)}` })))
    assert.ok(isProblem(parse({ request: `GET Observation?${'encounter.'.repeat(9)}status=a` })))
    assert.ok(isProblem(parse({ request: `GET ${'Patient/'.repeat(100)}x` })))
  })
})
