import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseRequestBundle } from '#src/fhir/bundle-entry.ts'
import { isProblem } from '#src/problem.ts'
import { read } from '#test/required.ts'

const bundle = (...entry: unknown[]): unknown => ({ resourceType: 'Bundle', type: 'batch', entry })
const observation = { resourceType: 'Observation', id: 'o1' }

describe('a posted Bundle', () => {
  test('is read entry by entry', () => {
    const { type, entries } = read(
      parseRequestBundle(
        bundle(
          { request: { method: 'GET', url: 'Observation?patient=p' } },
          { request: { method: 'PUT', url: 'Observation/o1' }, resource: observation },
          { request: { method: 'POST', url: 'Observation', ifNoneExist: 'identifier=a' }, resource: observation },
        ),
      ),
    )
    assert.equal(type, 'batch')
    assert.deepEqual(
      entries.map((entry) => entry.interaction.kind),
      ['search-type', 'update', 'conditional-create'],
    )
  })

  for (const [why, body] of [
    ['not a Bundle', observation],
    ['a searchset', { resourceType: 'Bundle', type: 'searchset', entry: [] }],
    ['entries that are no array', { resourceType: 'Bundle', type: 'batch', entry: {} }],
    ['an entry without request', bundle({ resource: observation })],
    ['an entry that is nothing', bundle(null)],
    ['an absolute address', bundle({ request: { method: 'GET', url: 'http://upstream.example/fhir/Patient/p' } })],
    ['an address that climbs', bundle({ request: { method: 'GET', url: 'Patient/../Observation/o1' } })],
    ['an address with a leading slash', bundle({ request: { method: 'GET', url: '/Patient/p' } })],
    ['a batch in a batch', bundle({ request: { method: 'POST', url: '' }, resource: bundle() })],
    ['an update without resource', bundle({ request: { method: 'PUT', url: 'Observation/o1' } })],
    ['a resource of another type', bundle({ request: { method: 'PUT', url: 'Patient/o1' }, resource: observation })],
    [
      'a resource with another id',
      bundle({ request: { method: 'PUT', url: 'Observation/o2' }, resource: observation }),
    ],
    ['a method that is no text', bundle({ request: { method: 7, url: 'Observation' } })],
    [
      'one bad entry among good ones',
      bundle({ request: { method: 'GET', url: 'Patient/p' } }, { request: { method: 'GET', url: 'x' } }),
    ],
    [
      'more entries than anyone needs',
      bundle(...Array.from({ length: 201 }, () => ({ request: { method: 'GET', url: 'Patient/p' } }))),
    ],
  ] as const) {
    test(`with ${why} is refused`, () => assert.ok(isProblem(parseRequestBundle(body))))
  }
})
