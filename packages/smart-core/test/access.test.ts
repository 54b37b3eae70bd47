import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { decideInteraction } from '#src/access.ts'
import { scopeList, verb } from '#test/arbitraries.ts'
import { berg, holding } from '#test/holding.ts'

describe('an interaction', () => {
  test('no scope covers is denied by that rule, and writing is not reading (SAL-131)', () => {
    for (const scopes of [
      '',
      'openid fhirUser launch',
      'patient/Condition.rs',
      'patient/Observation.s',
      'patient/Observation.write',
    ])
      assert.deepEqual(decideInteraction(holding(scopes), { verb: 'read', type: 'Observation' }), {
        effect: 'deny',
        rule: 'no-scope-covers-this',
      })
  })

  test('under a scope that writes app state is denied at the FHIR base, whatever it is', () => {
    for (const verb of ['read', 'search', 'create', 'update', 'delete'] as const)
      for (const scope of [
        'user/Basic.cruds?code=https://app.example|prefs',
        'patient/Basic.ds?code=https://app.example|x',
      ])
        assert.equal(decideInteraction(holding(scope), { verb, type: 'Basic' }).effect, 'deny')
    const constrained = holding('patient/Basic.rs?code=https://app.example|prefs')
    for (const verb of ['read', 'search'] as const)
      assert.equal(decideInteraction(constrained, { verb, type: 'Basic' }).effect, 'permit')
  })

  test('is permitted within the patient and the constraint of each scope that covers it', () => {
    const decision = decideInteraction(holding('patient/Observation.rs?category=lab user/*.r'), {
      verb: 'read',
      type: 'Observation',
    })
    assert.deepEqual(decision, {
      effect: 'permit',
      allowances: [
        { withinPatient: 'cdp1001', filters: [['category', 'lab']], onlyReference: null },
        { withinPatient: null, filters: [], onlyReference: null },
      ],
    })
  })

  test('under a patient scope without a patient is denied', () => {
    const decision = decideInteraction(holding('patient/*.cruds', null), { verb: 'search', type: 'Observation' })
    assert.deepEqual(decision, { effect: 'deny', rule: 'patient-scope-without-patient' })
  })

  test('under a patient scope reads the directory by id and neither searches nor writes it (SAL-137)', () => {
    const access = holding('patient/*.cruds')
    for (const type of [
      'Practitioner',
      'PractitionerRole',
      'Organization',
      'Location',
      'HealthcareService',
      'Endpoint',
      'Medication',
    ]) {
      assert.equal(decideInteraction(access, { verb: 'read', type }).effect, 'permit')
      assert.deepEqual(decideInteraction(access, { verb: 'search', type }), {
        effect: 'deny',
        rule: 'directory-not-searchable',
      })
      for (const verb of ['create', 'update', 'delete'] as const)
        assert.deepEqual(decideInteraction(access, { verb, type }), {
          effect: 'deny',
          rule: 'outside-patient-compartment',
        })
    }
  })

  test('under a patient scope reaches no other type outside the compartment', () => {
    for (const type of ['Device', 'Questionnaire', 'Bundle', 'StructureDefinition', 'Subscription'])
      assert.deepEqual(decideInteraction(holding('patient/*.cruds'), { verb: 'read', type }), {
        effect: 'deny',
        rule: 'outside-patient-compartment',
      })
  })

  test('reads bytes of the patient by id and cannot search for them', () => {
    const access = holding('patient/*.rs')
    assert.equal(decideInteraction(access, { verb: 'read', type: 'Binary' }).effect, 'permit')
    assert.deepEqual(decideInteraction(access, { verb: 'search', type: 'Binary' }), {
      effect: 'deny',
      rule: 'directory-not-searchable',
    })
  })

  test('on all types needs a wildcard', () => {
    assert.equal(decideInteraction(holding('patient/*.rs'), { verb: 'search', type: '*' }).effect, 'permit')
    assert.equal(decideInteraction(holding('patient/Observation.rs'), { verb: 'search', type: '*' }).effect, 'deny')
  })

  test('reads the own fhirUser with openid and fhirUser alone, and nobody else (SAL-123)', () => {
    const own = { verb: 'read', type: 'Practitioner', id: 'stf101' } as const
    assert.equal(decideInteraction(holding('openid fhirUser'), own).effect, 'permit')
    assert.equal(decideInteraction(holding('openid profile', null), own).effect, 'permit')
    assert.equal(decideInteraction(holding('fhirUser'), own).effect, 'deny')
    assert.equal(decideInteraction(holding('openid'), own).effect, 'deny')
    assert.equal(decideInteraction(holding('openid fhirUser'), { ...own, id: 'stf102' }).effect, 'deny')
    assert.equal(decideInteraction(holding('openid fhirUser'), { ...own, verb: 'update' }).effect, 'deny')
    assert.equal(decideInteraction(holding('openid fhirUser'), { ...own, verb: 'search' }).effect, 'deny')
  })

  test('is never denied because more scopes are held', () => {
    const need = fc.record({ verb, type: fc.constantFrom('Observation', 'Condition', 'Patient', 'Practitioner', '*') })
    fc.assert(
      fc.property(scopeList, scopeList, need, fc.boolean(), (some, more, need, hasPatient) => {
        const patient = hasPatient ? berg : null
        if (decideInteraction(holding(some, patient), need).effect === 'permit')
          assert.equal(decideInteraction(holding(`${some} ${more}`, patient), need).effect, 'permit')
      }),
      { numRuns: 2000 },
    )
  })
})
