import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { type Filter, filterImplies, filtersImply } from '#src/scope/filter.ts'
import { meetsFilters } from '#src/scope/matches-filter.ts'

const systems = fc.constantFrom(null, '', 'urn:a', 'urn:b')
const codes = fc.constantFrom('', 'x', 'y')
const alternative = fc.tuple(systems, codes).map(([system, code]) => (system === null ? code : `${system}|${code}`))
const value = fc.array(alternative, { minLength: 1, maxLength: 3 }).map((list) => list.join(','))
const filter: fc.Arbitrary<Filter> = fc.tuple(fc.constantFrom('category', 'code', 'category:not'), value)
const filters = fc.array(filter, { maxLength: 3 })
const concept = fc.record({
  coding: fc.array(
    fc.record({ system: fc.constantFrom('urn:a', 'urn:b', undefined), code: fc.constantFrom('x', 'y') }),
    {
      maxLength: 2,
    },
  ),
})
const data = fc.record({
  resourceType: fc.constant('Observation'),
  category: fc.array(concept, { maxLength: 2 }),
  code: concept,
})

describe('one constraint implies another', () => {
  test('only when all data that meets the one meets the other', () => {
    fc.assert(
      fc.property(filters, filters, data, (narrow, wide, resource) => {
        if (filtersImply(narrow, wide) && meetsFilters(resource, narrow)) assert.ok(meetsFilters(resource, wide))
      }),
      { numRuns: 20_000 },
    )
  })

  for (const [narrow, wide, implied] of [
    ['urn:a|x', 'x', true],
    ['urn:a|x', 'urn:a|', true],
    ['urn:a|x', 'urn:a|x,y', true],
    ['x,y', 'y,x', true],
    ['x', 'urn:a|x', false],
    ['urn:b|x', 'urn:a|x', false],
    ['urn:b|x', 'urn:a|', false],
    ['x,z', 'x,y', false],
    ['|x', 'urn:a|x', false],
    ['|x', 'x', true],
  ] as const) {
    test(`${narrow} ${implied ? 'implies' : 'does not imply'} ${wide}`, () => {
      assert.equal(filterImplies(['category', narrow], ['category', wide]), implied)
    })
  }

  test('never across parameters, and under a modifier only in the same words', () => {
    assert.ok(!filterImplies(['category', 'x'], ['code', 'x']))
    assert.ok(!filterImplies(['category:not', 'x'], ['category:not', 'x,y']))
    assert.ok(filterImplies(['category:not', 'x,y'], ['category:not', 'x,y']))
  })
})
