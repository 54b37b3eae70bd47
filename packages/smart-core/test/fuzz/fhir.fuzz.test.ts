import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { parseBundleEntry } from '#src/fhir/bundle-entry.ts'
import { type FhirInteraction, parseFhirInteraction } from '#src/fhir/interaction.ts'
import { needsOf } from '#src/fhir/needs.ts'
import { parsePath } from '#src/fhir/path.ts'
import { patientsNamed } from '#src/fhir/patients-named.ts'
import { formatQuery, parseQuery } from '#src/fhir/query.ts'
import { isProblem, type Problem } from '#src/problem.ts'
import { corpus, splitRequest } from '#test/corpus.ts'
import { fuzz, mutations } from '#test/fuzz/fuzz.ts'

type Requests = Readonly<Record<'understood' | 'refused', readonly { readonly request: string }[]>>
const { understood, refused } = corpus('interactions') as Requests // our own committed table
const searches = [...(corpus('touches') as Searches), ...(corpus('patients-named') as Searches)] // our own committed tables
type Searches = readonly { readonly search: string }[]

const requests = [...understood, ...refused].map(({ request }) => splitRequest(request))
const paths = [...new Set(requests.map(({ path }) => path))]
const queries = [...requests, ...searches.map(({ search }) => splitRequest(`GET ${search}`))]
  .map(({ query }) => query)
  .filter((query) => query !== '')
const PATH_WORDS = [
  '/',
  '_history',
  '_search',
  '$everything',
  '*',
  'metadata',
  'Patient',
  'Observation',
  '.',
  '..',
  'a-1',
]
const QUERY_WORDS = [
  '& = : . , | + %7C :not :missing :identifier :Patient :iterate _has: _include _revinclude _type _id _list _sort _filter',
  '_elements subject patient code Observation Patient/cdp1001 http://gateway.example/fhir/Patient/cdp1001 *',
].flatMap((line) => line.split(' '))
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'get', '']

/** What the gateway does with every request it understood. */
function followUp(interaction: FhirInteraction | Problem): void {
  if (isProblem(interaction)) return
  needsOf(interaction)
  if ('search' in interaction) patientsNamed(interaction.search, ['http://gateway.example/fhir'])
}

const request = fc.record({
  method: fc.constantFrom(...METHODS),
  path: mutations(paths, PATH_WORDS),
  query: mutations(queries, QUERY_WORDS),
  more: mutations(queries, QUERY_WORDS),
})

test('a request near FHIR has a meaning whose needs and patients can be told, or is a problem', async () => {
  const contentType = 'application/x-www-form-urlencoded'
  await fuzz(
    request,
    ({ method, path, query, more }) => {
      followUp(parseFhirInteraction({ method, path, query }))
      followUp(parseFhirInteraction({ method, path, query, form: more, contentType, ifNoneExist: more }))
    },
    12_000,
  )
})

test('an entry of a batch near FHIR has a meaning or is a problem', async () => {
  const json = fc.oneof(
    fc.constant(undefined),
    fc.jsonValue(),
    fc.record({ resourceType: fc.constantFrom('Patient', 'x') }),
  )
  await fuzz(
    fc.tuple(request, json),
    ([{ method, path, query, more }, resource]) => {
      const entry = parseBundleEntry({ request: { method, url: `${path}?${query}`, ifNoneExist: more }, resource })
      if (!isProblem(entry)) followUp(entry.interaction)
    },
    12_000,
  )
})

test('a path near FHIR that is understood has no second reading, and prints to the bytes that came', async () => {
  await fuzz(
    mutations(paths, PATH_WORDS),
    (text) => {
      const path = parsePath(text)
      if (isProblem(path)) return
      assert.equal(new URL(`http://a.example/fhir/${text}`).pathname, `/fhir/${text}`)
      if (path.kind === 'type') assert.equal(path.type, text)
      if (path.kind === 'instance') assert.equal(`${path.type}/${path.id}`, text)
      if (path.kind === 'version') assert.equal(`${path.type}/${path.id}/_history/${path.version}`, text)
      if (path.kind === 'compartment') assert.equal(`${path.compartment}/${path.id}/${path.type}`, text)
    },
    20_000,
  )
})

test('a query near the grammar says the same after print, and to any other reader of forms', async () => {
  await fuzz(
    mutations(queries, QUERY_WORDS),
    (text) => {
      const params = parseQuery(text)
      if (isProblem(params)) return
      assert.deepEqual(parseQuery(formatQuery(params)), params)
      assert.deepEqual([...new URLSearchParams(formatQuery(params))], params)
      assert.deepEqual([...new URLSearchParams(`&${text}`)], params)
    },
    20_000,
  )
})
