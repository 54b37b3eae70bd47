import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { needsOf } from '#src/fhir/needs.ts'
import { parseFhirInteraction } from '#src/fhir/interaction.ts'
import { patientsNamed } from '#src/fhir/patients-named.ts'
import { formatQuery, parseQuery } from '#src/fhir/query.ts'
import type { SearchQuery } from '#src/fhir/search-query.ts'
import { isProblem } from '#src/problem.ts'
import { corpus, splitRequest } from '#test/corpus.ts'
import { read } from '#test/required.ts'

type Touches = { readonly search: string; readonly filter: readonly string[]; readonly return: readonly string[] }
type Named = { readonly search: string; readonly ids: readonly string[]; readonly unclear?: boolean }

function searchOf(text: string): SearchQuery {
  const interaction = read(parseFhirInteraction(splitRequest(`GET ${text}`)))
  assert.ok(interaction.kind === 'search-type' || interaction.kind === 'search-system')
  return interaction.search
}

describe('a search', () => {
  for (const given of corpus('touches') as readonly Touches[]) {
    // our own committed table
    test(`${given.search} tells every type and parameter it touches`, () => {
      const { touches } = searchOf(given.search)
      const filter = touches.filter(({ how }) => how === 'filter').map(({ type, param }) => `${type}?${param}`)
      const back = touches.filter(({ how }) => how === 'return').map(({ type }) => type)
      assert.deepEqual(filter.sort(), [...given.filter].sort())
      assert.deepEqual(back.sort(), [...given.return].sort())
    })
  }

  for (const search of [
    'Observation?subject.name:Patient.x=a',
    'Observation?subject:Nothing.name=a',
    'Observation?subject:Practitioner.name=a',
    'Observation?code.text=a',
    'Observation?focus.code=a',
    'Observation?subject:missing.name=a',
    'Observation?_has:Observation:patient:code=a',
    'Patient?_has:Observation:code:code=a',
    'Patient?_has:Nothing:patient:code=a',
    'Patient?_has:Observation:patient=a',
    'Patient?_has:Observation:patient:nothing=a',
    'Patient?_has:Observation:patient:=a',
    'Observation?_include=Observation',
    'Observation?_include=Observation:code',
    'Observation?_include=Nothing:subject',
    'Observation?_include=Observation:subject:Nothing',
    'Observation?_include=Observation:subject:Practitioner',
    'Observation?_include:sideways=Observation:subject',
    'Patient?_revinclude=Observation:subject:Device',
    'Observation?subject:Patient:exact=a',
  ]) {
    test(`${search} means nothing and is refused`, () => {
      assert.ok(isProblem(parseFhirInteraction(splitRequest(`GET ${search}`))))
    })
  }

  for (const given of corpus('patients-named') as readonly Named[]) {
    // our own committed table
    test(`${given.search} names ${given.ids.join(' and ') || 'nobody we know'}`, () => {
      const named = patientsNamed(searchOf(given.search), ['http://gateway.example/fhir'])
      assert.deepEqual(named, { ids: given.ids, unclear: given.unclear ?? false })
    })
  }

  test('decodes forms, keeps empty values and prints them encoded', () => {
    const params = read(parseQuery('a=b+c&d=%C3%A6&e&f=g%3Dh&&i=j=k'))
    assert.deepEqual(params, [
      ['a', 'b c'],
      ['d', 'æ'],
      ['e', ''],
      ['f', 'g=h'],
      ['i', 'j=k'],
    ])
    assert.deepEqual(parseQuery(formatQuery(params)), params)
  })
})

describe('the needs of an interaction', () => {
  for (const [request, expected] of [
    ['GET metadata', []],
    ['GET Patient/p', ['read Patient/p']],
    ['GET Patient/p/_history/1', ['read Patient/p']],
    ['GET Patient/p/_history', ['read Patient/p']],
    ['GET Patient/_history', ['search Patient']],
    ['GET _history', ['search *']],
    ['GET ?_id=1', ['search *']],
    ['GET ?_type=Observation&_id=1', ['search Observation']],
    ['GET Observation?subject:Patient.name=a&_include=Observation:encounter', ['search Observation', 'search Patient']],
    ['GET Patient?_has:Condition:patient:code=a', ['search Patient', 'search Condition']],
    ['GET Patient/p/Condition', ['search Condition']],
    ['GET Patient/p/*', ['search *']],
    ['POST Observation', ['create Observation']],
    ['PUT Observation/o', ['update Observation/o']],
    ['PATCH Observation/o', ['update Observation/o']],
    ['DELETE Observation/o', ['delete Observation/o']],
    ['PUT Observation?identifier=a', ['update Observation', 'search Observation']],
    ['DELETE Observation?subject:Patient.name=a', ['delete Observation', 'search Observation', 'search Patient']],
    ['POST ', []],
  ] as const) {
    test(`${request} are ${expected.join(', ') || 'none'}`, () => {
      const needs = read(needsOf(read(parseFhirInteraction(splitRequest(request)))))
      const told = needs.map(({ verb, type, id }) => `${verb} ${type}${id === undefined ? '' : `/${id}`}`)
      assert.deepEqual(told, expected)
    })
  }

  test('include searching where a create is conditional', () => {
    const interaction = read(parseFhirInteraction({ method: 'POST', path: 'Task', ifNoneExist: 'identifier=a' }))
    assert.deepEqual(needsOf(interaction), [
      { verb: 'create', type: 'Task' },
      { verb: 'search', type: 'Task' },
    ])
  })

  test('cannot be told of an operation', () => {
    assert.ok(isProblem(needsOf(read(parseFhirInteraction(splitRequest('GET Patient/p/$everything'))))))
  })
})
