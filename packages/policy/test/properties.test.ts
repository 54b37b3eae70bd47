import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EntityJson, StatefulAuthorizationCall } from '@cedar-policy/cedar-wasm/nodejs'
import { isProblem } from '@uthopp/smart-core/problem'
import { assemble } from '#src/case/assemble.ts'
import { cedar } from '#src/engine/cedar.ts'
import { actionUid, type CedarCase } from '#src/engine/cedar-case.ts'
import { createEngine, type Verdict } from '#src/engine/engine.ts'
import { OWN_RULES, readRuleBook } from '#src/rules/rule-book.ts'
import { CORPUS_TIME, corpus, toAsk } from './corpus.ts'

const book = await readRuleBook(OWN_RULES)
assert.ok(!isProblem(book))
const engine = createEngine()
assert.equal(engine.load(book), undefined)

const cases = corpus.flatMap((row) => {
  const { ask, facts } = toAsk(row)
  const made = assemble(ask, facts, CORPUS_TIME)
  return made.kind === 'case' ? [{ id: row.id, asked: made.asked }] : []
})

assert.equal(cedar.preparseSchema('whole', book.schema).type, 'success')
assert.equal(cedar.preparsePolicySet('whole', { staticPolicies: Object.fromEntries(book.rules) }).type, 'success')

type Call = Pick<StatefulAuthorizationCall, 'principal' | 'action' | 'resource' | 'context'> & {
  readonly entities: EntityJson[]
}

const callOf = (asked: CedarCase): Call => ({
  principal: asked.principal,
  action: { type: `${asked.namespace}::Action`, id: asked.action },
  resource: asked.resource,
  context: asked.context,
  entities: [
    {
      uid: asked.principal,
      attrs: { ...asked.attributes },
      parents: asked.groups.map((id) => ({ type: 'Ehr::Role', id })),
    },
  ],
})

function askWhole(call: Call): Verdict {
  try {
    const answer = cedar.statefulIsAuthorized({
      ...call,
      preparsedPolicySetId: 'whole',
      preparsedSchemaName: 'whole',
      validateRequest: true,
    })
    if (answer.type === 'failure') return { effect: 'deny', rules: [], fault: answer.errors[0]?.message ?? 'failure' }
    const { decision, diagnostics } = answer.response
    const clean = diagnostics.errors.length === 0
    return {
      effect: clean && decision === 'allow' ? 'permit' : 'deny',
      rules: [...diagnostics.reason].sort(),
      fault: clean ? null : 'rule error',
    }
  } catch (thrown) {
    return { effect: 'deny', rules: [], fault: String(thrown) }
  }
}

test('asking only the rules that can match an action answers as asking the whole book', () => {
  for (const { id, asked } of cases) assert.deepEqual(engine.evaluate(asked), askWhole(callOf(asked)), id)
})

test('every rule decides at least one case of the corpus, so no rule stands untried', () => {
  const used = new Set(corpus.flatMap(({ expect }) => expect.rules))
  assert.deepEqual(
    [...book.rules.keys()].filter((id) => !used.has(id)),
    [],
  )
})

test('every action has its probe or is refused: no rule book can serve without rules for reading', () => {
  assert.ok(book.shelves.has(actionUid({ namespace: 'Ehr', action: 'read' })))
})

/** Every way to lose one fact: a member, a member of a member, an entry of a set, the person, a group, an attribute. */
function* withoutOneFact(call: Call): Generator<readonly [what: string, call: Call]> {
  const { context } = call
  for (const [name, value] of Object.entries(context)) {
    const { [name]: _, ...rest } = context
    yield [`context.${name}`, { ...call, context: rest }]
    if (Array.isArray(value)) {
      yield [`context.${name} = []`, { ...call, context: { ...context, [name]: [] } }]
      for (const [index] of value.entries())
        yield [`context.${name}[${index}]`, { ...call, context: { ...context, [name]: value.toSpliced(index, 1) } }]
    } else if (typeof value === 'object' && value !== null) {
      for (const [inner, held] of Object.entries(value)) {
        const { [inner]: __, ...kept } = value as Record<string, typeof held> // the entries just listed
        yield [`context.${name}.${inner}`, { ...call, context: { ...context, [name]: kept } }]
        if (Array.isArray(held))
          yield [
            `context.${name}.${inner} = []`,
            { ...call, context: { ...context, [name]: { ...kept, [inner]: [] } } },
          ]
      }
    }
  }
  const [person] = call.entities
  if (!person) return
  yield ['the person', { ...call, entities: [] }]
  for (const [index] of person.parents.entries())
    yield [`group ${index}`, { ...call, entities: [{ ...person, parents: person.parents.toSpliced(index, 1) }] }]
  for (const name of Object.keys(person.attrs)) {
    const { [name]: _, ...attrs } = person.attrs
    yield [`attribute ${name}`, { ...call, entities: [{ ...person, attrs }] }]
  }
}

test('losing any one fact never turns a denial into a permit (CE-5)', (t) => {
  let tried = 0
  const opened: string[] = []
  for (const { id, asked } of cases) {
    const call = callOf(asked)
    if (askWhole(call).effect === 'permit') continue
    for (const [what, poorer] of withoutOneFact(call)) {
      tried += 1
      if (askWhole(poorer).effect === 'permit') opened.push(`${id} without ${what}`)
    }
  }
  assert.deepEqual(opened, [])
  assert.ok(tried > 3000, String(tried))
  t.diagnostic(`${tried} removals`)
})

test('what a host leaves out never turns a denial into a permit', (t) => {
  let tried = 0
  const opened: string[] = []
  for (const row of corpus) {
    const { ask, facts } = toAsk(row)
    // Of two facts that contradict each other, losing one settles which is true.
    if (row.expect.effect === 'permit' || row.expect.reason === 'facts-contradictory') continue
    const { person, patients } = facts
    const poorer = [
      { ...facts, person: null },
      { ...facts, patients: new Map() },
      ...(person ? [{ ...facts, person: { ...person, role: null } }] : []),
      ...[...patients].flatMap(([id, patient]) => [
        { ...facts, patients: new Map([...patients, [id, { ...patient, decisions: [] }] as const]) },
        { ...facts, patients: new Map([...patients, [id, { ...patient, contactUnits: [] }] as const]) },
        { ...facts, patients: new Map([...patients, [id, { ...patient, inCareTeam: false }] as const]) },
        ...patient.decisions.map((_, index) => ({
          ...facts,
          patients: new Map([
            ...patients,
            [id, { ...patient, decisions: patient.decisions.toSpliced(index, 1) }] as const,
          ]),
        })),
      ]),
    ]
    const asks = [
      ask,
      { ...ask, circumstance: { ...ask.circumstance, purpose: null } },
      { ...ask, circumstance: { ...ask.circumstance, grants: [] } },
      // A launch without a patient is another launch, which opens no record.
      ...(ask.question.action === 'launch'
        ? []
        : [{ ...ask, circumstance: { ...ask.circumstance, launchPatient: null } }]),
    ]
    for (const each of asks)
      for (const known of [facts, ...poorer]) {
        if (each === ask && known === facts) continue
        tried += 1
        const made = assemble(each, known, CORPUS_TIME)
        if (made.kind === 'case' && engine.evaluate(made.asked).effect === 'permit') opened.push(row.id)
      }
  }
  t.diagnostic(`${tried} omissions`)
  assert.deepEqual([...new Set(opened)], [])
})
