import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isProblem } from '@uthopp/smart-core/problem'
import { formatEvaluation, parseEvaluation } from '#src/authzen/evaluation.ts'
import { isWellFormed } from '#src/case/well-formed.ts'
import { corpus, toAsk } from '#test/corpus.ts'
import { named } from '#test/decision-point.contract.ts'

type Json = Readonly<Record<string, unknown>>

const wire = (id: string): Json => JSON.parse(JSON.stringify(formatEvaluation(toAsk(named(id)).ask))) as Json // our own format
const member = (body: Json, name: string): Json => body[name] as Json // each of the four is an object

test('reading what was printed changes nothing, for every question of the corpus', () => {
  for (const row of corpus) {
    const { ask } = toAsk(row)
    if (!isWellFormed(ask)) continue
    assert.deepEqual(parseEvaluation(JSON.parse(JSON.stringify(formatEvaluation(ask)))), ask, row.id)
  }
})

test('absent members are left out, never sent as null', () => {
  assert.ok(!JSON.stringify(wire('service-reads')).includes('null'))
})

test('a missing subject, action, resource, context, type, id or name is a problem that names it', () => {
  const body = wire('team-reads-unlabelled')
  for (const name of ['subject', 'action', 'resource', 'context']) {
    const { [name]: _, ...poorer } = body
    const read = parseEvaluation(poorer)
    assert.ok(isProblem(read) && read.input === name, name)
  }
  for (const [name, inner] of [
    ['subject', 'type'],
    ['subject', 'id'],
    ['action', 'name'],
    ['resource', 'type'],
    ['resource', 'id'],
  ] as const) {
    const { [inner]: _, ...poorer } = member(body, name)
    const read = parseEvaluation({ ...body, [name]: poorer })
    assert.ok(isProblem(read) && read.input === `${name}.${inner}`, `${name}.${inner}`)
  }
})

test('facts that restrict may not be left out of the context or the resource', () => {
  const body = wire('team-reads-unlabelled')
  for (const inner of ['tenant', 'zone', 'may_write', 'sender_constrained', 'launch_bound', 'grants', 'acr']) {
    const { [inner]: _, ...poorer } = member(body, 'context')
    assert.ok(isProblem(parseEvaluation({ ...body, context: poorer })), inner)
  }
  const resource = member(body, 'resource')
  for (const inner of ['labels', 'units', 'authors']) {
    const { [inner]: _, ...poorer } = member(resource, 'properties')
    assert.ok(isProblem(parseEvaluation({ ...body, resource: { ...resource, properties: poorer } })), inner)
  }
})

test('members nobody knows are ignored', () => {
  const body = wire('team-reads-unlabelled')
  const more = { ...body, mood: 'good', subject: { ...member(body, 'subject'), shoe: 43 } }
  assert.deepEqual(parseEvaluation(more), parseEvaluation(body))
})

test('wrong types are problems, and quote nothing but the name of the member', () => {
  const body = wire('team-reads-unlabelled')
  const odd: readonly unknown[] = [
    null,
    [],
    'body',
    { ...body, subject: 'stf101' },
    { ...body, subject: { type: 'robot', id: 'x' } },
    { ...body, action: { name: 'burn' } },
    { ...body, action: { name: 3 } },
    { ...body, context: { ...member(body, 'context'), acr: '4' } },
    { ...body, context: { ...member(body, 'context'), grants: 'Observation.r' } },
    { ...body, resource: { type: 'fhir', id: 'Observation' } },
    {
      ...body,
      resource: { type: 'fhir-type', id: 'Observation/1', properties: { labels: [], units: [], authors: [] } },
    },
    { ...body, resource: { type: 'fhir', id: 'Observation/1/2', properties: { labels: [], units: [], authors: [] } } },
    { ...body, resource: { type: 'record', id: 'Observation/1' } },
  ]
  for (const each of odd) {
    const read = parseEvaluation(each)
    assert.ok(isProblem(read), JSON.stringify(each))
    assert.ok(!read.reason.includes('stf101'))
  }
})

test('a question about another patient than the launch names is a problem', () => {
  const body = wire('ask-delbehan-nurse')
  assert.ok(isProblem(parseEvaluation({ ...body, resource: { ...member(body, 'resource'), id: 'pas2' } })))
})
