import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseBundleEntry } from '#src/fhir/bundle-entry.ts'
import { isProblem } from '#src/problem.ts'
import { read } from '#test/required.ts'

const observation = { resourceType: 'Observation', id: 'o1' }
const batch = { resourceType: 'Bundle', type: 'batch', entry: [] }

describe('an entry of a posted Bundle', () => {
  for (const [kind, entry] of [
    ['search-type', { request: { method: 'GET', url: 'Observation?patient=p' } }],
    ['update', { request: { method: 'PUT', url: 'Observation/o1' }, resource: observation }],
    [
      'conditional-create',
      { request: { method: 'POST', url: 'Observation', ifNoneExist: 'identifier=a' }, resource: observation },
    ],
  ] as const) {
    test(`is read as ${kind}, with the resource it brings`, () => {
      const { interaction, resource } = read(parseBundleEntry(entry))
      assert.equal(interaction.kind, kind)
      assert.deepEqual(resource, 'resource' in entry ? observation : null)
    })
  }

  for (const [why, entry] of [
    ['no request', { resource: observation }],
    ['nothing at all', null],
    ['an absolute address', { request: { method: 'GET', url: 'http://upstream.example/fhir/Patient/p' } }],
    ['an address that climbs', { request: { method: 'GET', url: 'Patient/../Observation/o1' } }],
    ['an address with a leading slash', { request: { method: 'GET', url: '/Patient/p' } }],
    ['an address nobody understands', { request: { method: 'GET', url: 'x' } }],
    ['a batch in it', { request: { method: 'POST', url: '' }, resource: batch }],
    ['an update without resource', { request: { method: 'PUT', url: 'Observation/o1' } }],
    ['a resource of another type', { request: { method: 'PUT', url: 'Patient/o1' }, resource: observation }],
    ['a resource with another id', { request: { method: 'PUT', url: 'Observation/o2' }, resource: observation }],
    ['a method that is no text', { request: { method: 7, url: 'Observation' } }],
    ['a condition that is no text', { request: { method: 'POST', url: 'Observation', ifNoneExist: 7 } }],
  ] as const) {
    test(`with ${why} is refused`, () => assert.ok(isProblem(parseBundleEntry(entry))))
  }
})
