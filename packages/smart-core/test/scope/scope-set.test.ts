import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import type { Resource } from '#src/fhir/resource.ts'
import { intersect } from '#src/scope/intersect.ts'
import { meetsFilters } from '#src/scope/matches-filter.ts'
import { LETTER_OF, type Verb } from '#src/scope/permission.ts'
import { covers, formatScopeSet, parseScopeSet, type ScopeSet, scopeSetOf } from '#src/scope/scope-set.ts'
import { closeScopeSet, resource, scopeSet, verb } from '#test/arbitraries.ts'

const setOf = (text: string): ScopeSet => parseScopeSet(text).scopes
const intersection = (asked: string, ceiling: string): string => formatScopeSet(intersect(setOf(asked), setOf(ceiling)))

type Probe = { readonly level: string; readonly verb: Verb; readonly resource: Resource }
const probe: fc.Arbitrary<Probe> = fc.record({ level: fc.constantFrom('patient', 'user', 'system'), verb, resource })

/** What a set means, told without any of the algebra under test. */
function permits(set: ScopeSet, { level, verb, resource }: Probe): boolean {
  return set.resources.some(
    (scope) =>
      scope.level === level &&
      (scope.resourceType === '*' || scope.resourceType === resource.resourceType) &&
      scope.permissions.includes(LETTER_OF[verb]) &&
      meetsFilters(resource, scope.filters),
  )
}

describe('a scope set', () => {
  test('is the same however often, and among however many others, its text is read', () => {
    const first = parseScopeSet('openid patient/Observation.rs nonsense/')
    const before = structuredClone(first)
    for (let other = 0; other < 1000; other += 1) parseScopeSet(`openid patient/Patient.r x${other}`)
    assert.deepEqual(parseScopeSet('openid patient/Observation.rs nonsense/'), before)
    assert.deepEqual(first, before)
  })

  test('keeps what it understands, once, and names what it does not', () => {
    const { scopes, unknown } = parseScopeSet('openid  patient/Patient.rs openid nonsense patient/Patient.sr ')
    assert.equal(formatScopeSet(scopes), 'openid patient/Patient.rs')
    assert.deepEqual(
      unknown.map((problem) => problem.input),
      ['nonsense', 'patient/Patient.sr'],
    )
  })

  test('of a list without end is read to a bound', () => {
    const many = Array.from({ length: 2000 }, (_, index) => `__s${index}`).join(' ')
    const { scopes, unknown } = parseScopeSet(many)
    assert.equal(scopes.scopes.length + unknown.length, 2000)
    assert.ok(scopes.scopes.length <= 500)
  })

  test('covers letters held apart, and types under a wildcard (SAL-132, SAL-135)', () => {
    const held = setOf('patient/Observation.r patient/Observation.s user/*.rs')
    for (const scope of setOf('patient/Observation.rs patient/Observation.read user/Patient.r').scopes)
      assert.ok(covers(held, scope))
  })

  test('covers no other level, type, letter or wider condition', () => {
    const held = setOf('patient/Observation.rs?category=lab patient/Condition.rs')
    const beyond = setOf(
      'user/Condition.rs patient/Patient.r patient/Condition.u patient/*.rs patient/Observation.rs patient/Observation.rs?code=1',
    )
    for (const scope of beyond.scopes) assert.ok(!covers(held, scope))
  })

  test('covers events without regard to case, and no message group by a part of it', () => {
    const held = setOf('fhircast/Patient-open.read messaging/scratchpad.read messaging/ui')
    const [event, part, group] = setOf('fhircast/patient-OPEN.read messaging/ui.done messaging/scratchpad').scopes
    assert.ok(event && covers(held, event))
    assert.ok(part && covers(held, part))
    assert.ok(group && !covers(held, group))
  })

  test('that covers a scope permits all the scope permits', () => {
    fc.assert(
      fc.property(scopeSet, scopeSet, probe, (held, wanted, at) => {
        for (const scope of wanted.resources)
          if (covers(held, scope) && permits(scopeSetOf([scope]), at)) assert.ok(permits(held, at))
      }),
      { numRuns: 2000 },
    )
  })

  test('covers itself', () => {
    fc.assert(fc.property(scopeSet, (set) => set.scopes.every((scope) => covers(set, scope))))
  })
})

describe('an intersection', () => {
  test('never widens and never loses what both sides permit', () => {
    fc.assert(
      fc.property(scopeSet, scopeSet, probe, (asked, ceiling, at) => {
        assert.equal(permits(intersect(asked, ceiling), at), permits(asked, at) && permits(ceiling, at))
      }),
      { numRuns: 3000 },
    )
  })

  test('of sets that nearly agree is exactly what both permit', () => {
    const close = fc.record({ level: fc.constant('patient'), verb: fc.constantFrom('read', 'search'), resource })
    fc.assert(
      fc.property(closeScopeSet, closeScopeSet, close, (asked, ceiling, at) => {
        assert.equal(permits(intersect(asked, ceiling), at), permits(asked, at) && permits(ceiling, at))
      }),
      { numRuns: 5000 },
    )
  })

  test('is covered by both sides', () => {
    fc.assert(
      fc.property(scopeSet, scopeSet, (asked, ceiling) => {
        for (const scope of intersect(asked, ceiling).scopes) {
          assert.ok(covers(ceiling, scope))
          assert.ok(covers(asked, scope))
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('with itself changes nothing', () => {
    fc.assert(fc.property(scopeSet, (set) => assert.equal(formatScopeSet(intersect(set, set)), formatScopeSet(set))))
  })

  test('can be printed and read again', () => {
    fc.assert(
      fc.property(scopeSet, scopeSet, (asked, ceiling) => {
        const printed = formatScopeSet(intersect(asked, ceiling))
        const again = parseScopeSet(printed)
        assert.deepEqual(again.unknown, [])
        assert.equal(formatScopeSet(again.scopes), printed)
      }),
    )
  })

  for (const [asked, ceiling, expected] of [
    ['patient/*.rs', 'patient/Observation.cruds', 'patient/Observation.rs'],
    ['patient/Observation.read', 'patient/Observation.r patient/Observation.s', 'patient/Observation.read'],
    ['patient/Observation.rs', 'patient/*.r?category=lab', 'patient/Observation.r?category=lab'],
    [
      'patient/Observation.rs?category=lab',
      'patient/Observation.rs?code=1',
      'patient/Observation.rs?category=lab&code=1',
    ],
    [
      'patient/Observation.rs?category=lab,vital',
      'patient/Observation.rs?category=lab',
      'patient/Observation.rs?category=lab',
    ],
    [
      'patient/Observation.rs',
      'patient/Observation.r?category=lab,vital patient/Observation.r?category=vital,lab',
      'patient/Observation.r?category=lab,vital',
    ],
    ['patient/Observation.*', 'user/Observation.*', ''],
    ['launch/patient', 'launch', ''],
    ['launch/patient?role=launch', 'launch/patient', 'launch/patient?role=launch'],
    ['fhircast/*.*', 'fhircast/Patient-open.read', 'fhircast/Patient-open.read'],
    ['fhircast/Patient-open.write', 'fhircast/Patient-open.read', ''],
  ] as const) {
    test(`of ${asked} with ${ceiling} is ${expected || 'nothing'}`, () => {
      assert.equal(intersection(asked, ceiling), expected)
    })
  }
})
