import * as fc from 'fast-check'
import type { Resource } from '#src/fhir/resource.ts'
import { PERMISSIONS } from '#src/scope/permission.ts'
import { parseScopeSet, type ScopeSet } from '#src/scope/scope-set.ts'

/** A small world: few enough words that random scopes and random data keep meeting. */
const TYPES = ['Observation', 'Condition', 'Encounter', 'Practitioner', 'Patient'] as const
const FILTERS = [
  'category=lab',
  'category=http://a.example|lab',
  'category=http://a.example|',
  'category=lab,vital',
  'category=http://a.example|lab,vital',
  'category=|lab',
  'category=http://b.example|lab',
  'code=1',
  'code=http://b.example|1',
  'status=final',
] as const

const letters = fc.subarray([...PERMISSIONS], { minLength: 1 }).map((list) => list.join(''))
const words = fc.oneof(
  { weight: 3, arbitrary: letters.map((text) => ({ text, takesFilter: true })) },
  { weight: 1, arbitrary: fc.constantFrom('read', 'write', '*').map((text) => ({ text, takesFilter: false })) },
)

export const resourceScope: fc.Arbitrary<string> = fc
  .record({
    level: fc.constantFrom('patient', 'user', 'system'),
    type: fc.constantFrom(...TYPES, '*'),
    word: words,
    filters: fc.subarray([...FILTERS], { maxLength: 2 }),
  })
  .map(({ level, type, word, filters }) => {
    const query = word.takesFilter && filters.length > 0 ? `?${filters.join('&')}` : ''
    return `${level}/${type}.${word.text}${query}`
  })

export const otherScope: fc.Arbitrary<string> = fc.constantFrom(
  'launch',
  'launch/patient',
  'launch/encounter',
  'launch/imagingstudy?role=https://a.example/r',
  'openid',
  'fhirUser',
  'profile',
  'offline_access',
  'online_access',
  'fhircast/Patient-open.read',
  'fhircast/patient-open.*',
  'fhircast/*.write',
  'messaging/ui',
  'messaging/ui.done',
  'messaging/scratchpad.read',
  '__launch',
  'https://a.example/scope',
)

export const scopeList: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 4, arbitrary: resourceScope }, { weight: 1, arbitrary: otherScope }), { maxLength: 6 })
  .map((list) => list.join(' '))

export const scopeSet: fc.Arbitrary<ScopeSet> = scopeList.map((text) => parseScopeSet(text).scopes)

/** Scopes of one level and two types, so that nearly every pair has something in common. */
export const closeScopeSet: fc.Arbitrary<ScopeSet> = fc
  .array(
    fc
      .record({
        type: fc.constantFrom('Observation', '*'),
        letters: fc.constantFrom('r', 's', 'rs', 'cruds'),
        filters: fc.subarray([...FILTERS], { maxLength: 2 }),
      })
      .map(
        ({ type, letters, filters }) =>
          `patient/${type}.${letters}${filters.length > 0 ? `?${filters.join('&')}` : ''}`,
      ),
    { minLength: 1, maxLength: 3 },
  )
  .map((list) => parseScopeSet(list.join(' ')).scopes)

const coding = fc.record({
  system: fc.constantFrom('http://a.example', 'http://b.example', undefined),
  code: fc.constantFrom('lab', 'vital', '1', '2'),
})
const concept = fc.record({ coding: fc.array(coding, { maxLength: 2 }) })
const reference = fc.constantFrom(
  'Patient/cdp1001',
  'Patient/cdp1002',
  'Device/d1',
  'http://elsewhere.example/fhir/Patient/cdp1001',
  '#contained',
)

/** Data of every shape a scope may speak of: whose it is, and what it is about. */
export const resource: fc.Arbitrary<Resource> = fc
  .record({
    resourceType: fc.constantFrom(...TYPES),
    id: fc.constantFrom('cdp1001', 'cdp1002', 'x1'),
    reference: fc.option(reference, { nil: undefined }),
    category: fc.array(concept, { maxLength: 2 }),
    code: concept,
    status: fc.constantFrom('final', 'preliminary'),
  })
  .map(({ reference: subject, ...rest }) =>
    subject === undefined ? rest : { ...rest, subject: { reference: subject } },
  )

export const verb = fc.constantFrom('create', 'read', 'update', 'delete', 'search')
