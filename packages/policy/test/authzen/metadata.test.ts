import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isProblem } from '@uthopp/smart-core/problem'
import { metadataAddress, parseMetadata } from '#src/authzen/metadata.ts'

const PDP = 'https://pdp.example/993467049/pdp'
const published = {
  policy_decision_point: PDP,
  access_evaluation_endpoint: `${PDP}/access/v1/evaluation`,
  access_evaluations_endpoint: `${PDP}/access/v1/evaluations`,
  capabilities: [],
}

test('the well-known segment goes between host and path', () => {
  assert.equal(metadataAddress(PDP), 'https://pdp.example/.well-known/authzen-configuration/993467049/pdp')
  assert.equal(metadataAddress('https://pdp.example'), 'https://pdp.example/.well-known/authzen-configuration')
})

test('metadata of the decision point looked for are read, and unknown members ignored', () => {
  const read = parseMetadata(published, PDP)
  assert.ok(!isProblem(read))
  assert.equal(read.evaluation, `${PDP}/access/v1/evaluation`)
  const { access_evaluations_endpoint: _, ...single } = published
  const without = parseMetadata(single, PDP)
  assert.ok(!isProblem(without))
  assert.equal(without.evaluations, null)
})

test('metadata of another decision point are thrown away, however alike', () => {
  for (const other of [
    `${PDP}/`,
    PDP.toUpperCase(),
    'https://pdp.example/983971636/pdp',
    'https://evil.example/993467049/pdp',
  ])
    assert.ok(isProblem(parseMetadata({ ...published, policy_decision_point: other }, PDP)), other)
})

test('an endpoint at another origin is refused', () => {
  const stray = { ...published, access_evaluation_endpoint: 'https://evil.example/evaluation' }
  assert.ok(isProblem(parseMetadata(stray, PDP)))
  assert.ok(isProblem(parseMetadata({ ...published, access_evaluations_endpoint: 'nowhere' }, PDP)))
})

test('what is no metadata is a problem', () => {
  for (const each of [null, [], {}, { policy_decision_point: PDP }, { ...published, access_evaluation_endpoint: '' }])
    assert.ok(isProblem(parseMetadata(each, PDP)))
})
