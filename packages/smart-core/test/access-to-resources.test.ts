import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { allowsResource, decideInteraction } from '#src/access.ts'
import type { Resource } from '#src/fhir/resource.ts'
import { resource, scopeList, verb } from '#test/arbitraries.ts'
import { holding } from '#test/holding.ts'

const BERG = { reference: 'Patient/cdp1001' }
const OTHER = { reference: 'Patient/cdp1002' }
const observation = (elements: object = {}): Resource => ({
  resourceType: 'Observation',
  id: 'o1',
  subject: BERG,
  ...elements,
})

describe('a resource', () => {
  const allowed = (scopes: string, data: unknown, verb: 'read' | 'search' | 'create' | 'update' = 'read'): string => {
    const decision = allowsResource(holding(scopes), verb, data, ['http://upstream.example/fhir'])
    return decision.effect === 'permit' ? 'permit' : decision.rule
  }

  test('of the launch patient is permitted', () => {
    assert.equal(allowed('patient/Observation.rs', observation()), 'permit')
    assert.equal(
      allowed(
        'patient/*.read',
        observation({ subject: { reference: 'http://upstream.example/fhir/Patient/cdp1001' } }),
      ),
      'permit',
    )
    assert.equal(allowed('patient/Patient.r', { resourceType: 'Patient', id: 'cdp1001' }), 'permit')
  })

  test('of anybody else, or of nobody, is denied (SAL-204)', () => {
    assert.equal(allowed('patient/*.rs', observation({ subject: OTHER })), 'not-this-patient')
    assert.equal(allowed('patient/*.rs', observation({ subject: undefined })), 'not-this-patient')
    assert.equal(allowed('patient/*.rs', { resourceType: 'Patient', id: 'cdp1002' }), 'not-this-patient')
    assert.equal(
      allowed('patient/*.rs', { resourceType: 'Patient', id: 'cdp1002', link: [{ other: BERG }] }),
      'not-this-patient',
    )
  })

  test('outside a constraint is denied, and one scope that holds is enough (SAL-142, SAL-143)', () => {
    const lab = observation({ category: [{ coding: [{ code: 'lab' }] }] })
    assert.equal(allowed('patient/Observation.rs?category=lab', lab), 'permit')
    assert.equal(allowed('patient/Observation.rs?category=vital', lab), 'outside-constraint')
    assert.equal(allowed('patient/Observation.rs?category=vital patient/Observation.r?category=lab', lab), 'permit')
    assert.equal(
      allowed('patient/Observation.rs?category=vital patient/Observation.r?category=lab', lab, 'search'),
      'outside-constraint',
    )
    assert.equal(allowed('patient/Observation.rs?category=lab&status=final', lab), 'outside-constraint')
    assert.equal(allowed('patient/Observation.rs?date=ge2020', lab), 'outside-constraint')
    assert.equal(allowed('patient/Observation.rs?category:not=vital', lab), 'outside-constraint')
  })

  test('of the directory comes back beside a search, when it is readable', () => {
    const practitioner = { resourceType: 'Practitioner', id: 'stf102' }
    assert.equal(allowed('patient/*.rs', practitioner, 'search'), 'permit')
    assert.equal(allowed('patient/*.s', practitioner, 'search'), 'no-scope-covers-this')
    assert.equal(allowed('patient/Observation.rs', practitioner, 'search'), 'no-scope-covers-this')
    assert.equal(allowed('openid fhirUser', { ...practitioner, id: 'stf101' }, 'search'), 'permit')
  })

  test('that is evidence of who did or allowed what is written by no app, and read like any other', () => {
    for (const resourceType of ['AuditEvent', 'Consent', 'Contract', 'Provenance', 'VerificationResult']) {
      for (const verb of ['create', 'update', 'delete'] as const)
        for (const scope of [`patient/${resourceType}.cud`, 'patient/*.cruds', 'user/*.cruds', 'system/*.cruds'])
          assert.deepEqual(
            decideInteraction(holding(scope), { verb, type: resourceType }),
            { effect: 'deny', rule: 'evidence-not-writable' },
            `${verb} ${resourceType} with ${scope}`,
          )
      assert.equal(decideInteraction(holding('user/*.rs'), { verb: 'read', type: resourceType }).effect, 'permit')
    }
  })

  test('that contains a directory resource needs a scope for its type too, whatever is done with it', () => {
    const named = observation({ contained: [{ resourceType: 'Practitioner', id: 'p', name: [{ family: 'Fjell' }] }] })
    for (const verb of ['read', 'search', 'create', 'update'] as const) {
      assert.equal(allowed('patient/Observation.cruds', named, verb), 'contained-not-permitted', verb)
      assert.equal(allowed('patient/Observation.cruds patient/Practitioner.r', named, verb), 'permit', verb)
    }
    assert.equal(allowed('patient/Observation.rs openid fhirUser', named), 'contained-not-permitted')
  })

  test('that contains somebody else, or a type no scope covers, is denied', () => {
    const withContained = (...contained: unknown[]): Resource => observation({ contained })
    const condition = { resourceType: 'Condition', id: 'c' }
    assert.equal(allowed('patient/*.rs', withContained({ resourceType: 'Medication', id: 'm' })), 'permit')
    assert.equal(allowed('patient/*.rs', withContained(condition)), 'permit')
    assert.equal(allowed('patient/*.rs', withContained({ ...condition, subject: BERG })), 'permit')
    assert.equal(allowed('patient/*.rs', withContained({ ...condition, subject: OTHER })), 'contained-not-permitted')
    assert.equal(allowed('patient/Observation.rs', withContained(condition)), 'contained-not-permitted')
    assert.equal(
      allowed('patient/*.rs', withContained({ ...condition, subject: { reference: '#somebody' } })),
      'contained-not-permitted',
    )
    assert.equal(
      allowed('patient/*.rs', withContained({ resourceType: 'Patient', id: 'p' })),
      'contained-not-permitted',
    )
    assert.equal(
      allowed('patient/*.rs', withContained({ resourceType: 'Medication', contained: [condition] })),
      'contained-not-permitted',
    )
    for (const resourceType of ['Bundle', 'Parameters'])
      assert.equal(allowed('patient/*.rs user/*.rs', withContained({ resourceType })), 'contained-not-permitted')
    assert.equal(allowed('patient/*.rs', withContained('text')), 'contained-not-permitted')
    assert.equal(allowed('patient/*.rs', observation({ contained: 'text' })), 'contained-not-permitted')
    assert.equal(
      allowed('patient/Observation.rs patient/Condition.rs?code=1', withContained(condition)),
      'contained-not-permitted',
    )
  })

  test('that is a Bundle is decided by everything in it', () => {
    const bundle = (...entry: unknown[]): unknown => ({ resourceType: 'Bundle', id: 'b', type: 'document', entry })
    assert.equal(allowed('user/*.rs', bundle({ resource: observation() }, { fullUrl: 'urn:x' })), 'permit')
    assert.equal(allowed('user/Bundle.rs', bundle({ resource: observation() })), 'contained-not-permitted')
    assert.equal(
      allowed('user/Bundle.rs patient/*.rs', bundle({ resource: observation({ subject: OTHER }) })),
      'contained-not-permitted',
    )
    assert.equal(allowed('user/*.rs', bundle({ resource: bundle() })), 'contained-not-permitted')
    assert.equal(allowed('user/*.rs', bundle('text')), 'contained-not-permitted')
    assert.equal(allowed('patient/*.rs', bundle()), 'outside-patient-compartment')
  })

  test('that is none is denied', () => {
    for (const data of [
      null,
      undefined,
      7,
      'Observation',
      [],
      {},
      { resourceType: 7 },
      { resourceType: 'Nothing' },
      { resourceType: 'Parameters' },
    ])
      assert.equal(allowed('user/*.cruds system/*.cruds', data), 'malformed')
  })

  test('is never denied because more scopes are held', () => {
    fc.assert(
      fc.property(scopeList, scopeList, verb, resource, (some, more, verb, data) => {
        if (allowsResource(holding(some), verb, data).effect === 'permit')
          assert.equal(allowsResource(holding(`${some} ${more}`), verb, data).effect, 'permit')
      }),
      { numRuns: 3000 },
    )
  })

  test('of any JSON is decided, never thrown at', () => {
    const element = fc.constantFrom('subject', 'contained', 'category', 'code', 'status', 'entry', 'id', '__proto__')
    const data = fc.dictionary(element, fc.jsonValue())
    const type = fc.constantFrom('Observation', 'Patient', 'Bundle', 'Appointment', 'constructor')
    fc.assert(
      fc.property(scopeList, verb, type, data, (scopes, verb, resourceType, elements) => {
        const { effect } = allowsResource(holding(scopes), verb, { ...elements, resourceType })
        assert.ok(effect === 'permit' || effect === 'deny')
      }),
      { numRuns: 1000 },
    )
  })

  test('is permitted only where the interaction that brought it is', () => {
    fc.assert(
      fc.property(scopeList, verb, resource, (scopes, verb, data) => {
        if (verb === 'search' || allowsResource(holding(scopes), verb, data).effect === 'deny') return
        assert.equal(decideInteraction(holding(scopes), { verb, type: data.resourceType }).effect, 'permit')
      }),
      { numRuns: 2000 },
    )
  })

  test('of another patient is never permitted by patient scopes, whatever it looks like', () => {
    const onlyPatient = scopeList.map((text) =>
      text
        .split(' ')
        .filter((scope) => !/^(user|system)\//.test(scope))
        .join(' '),
    )
    fc.assert(
      fc.property(onlyPatient, verb, resource, (scopes, verb, data) => {
        const subject = data['subject']
        const isOther =
          JSON.stringify(subject ?? '').includes('cdp1002') &&
          data.resourceType !== 'Patient' &&
          data.resourceType !== 'Practitioner'
        if (isOther) assert.equal(allowsResource(holding(scopes), verb, data).effect, 'deny')
      }),
      { numRuns: 3000 },
    )
  })
})
