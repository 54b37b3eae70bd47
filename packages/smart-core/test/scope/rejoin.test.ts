import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { negotiate } from '#src/negotiate.ts'
import { opensAnything } from '#src/scope/access-left.ts'
import { categoriesOf, expandScopes, nameOfMember, type ScopeMember } from '#src/scope/letters.ts'
import { type MemberVerdict, rejoinScopes } from '#src/scope/rejoin.ts'
import { parseScope } from '#src/scope/scope.ts'
import { covers, parseScopeSet } from '#src/scope/scope-set.ts'
import { scopeList } from '#test/arbitraries.ts'
import { read } from '#test/required.ts'

const SERVED = ['Observation', 'Condition', 'Encounter', 'Patient']
const PERMIT: MemberVerdict = { effect: 'permit' }
const deny = (code: string): MemberVerdict => ({
  effect: 'deny',
  code,
  reason: `not for this role (${code})`,
  rules: [`rule-${code}`],
})

const namesOf = (granted: readonly string[]): readonly string[] =>
  expandScopes(granted, SERVED).flatMap(({ members }) => members.map(nameOfMember))

/** What is left when policy refuses these members, by name. */
function left(granted: string, refused: Readonly<Record<string, string>>) {
  return rejoinScopes(expandScopes(granted.split(' '), SERVED), (member) => {
    const code = refused[nameOfMember(member)]
    return code === undefined ? PERMIT : deny(code)
  })
}

describe('taking granted scopes apart', () => {
  test('asks for each letter alone, and for each served type of a wildcard', () => {
    assert.deepEqual(namesOf(['patient/Observation.rs']), ['patient/Observation.r', 'patient/Observation.s'])
    assert.deepEqual(
      namesOf(['user/*.r']),
      SERVED.map((type) => `user/${type}.r`),
    )
  })

  test('translates the words of version 1 before it asks', () => {
    assert.deepEqual(namesOf(['patient/Condition.read']), ['patient/Condition.r', 'patient/Condition.s'])
    assert.deepEqual(namesOf(['patient/Condition.write']), [
      'patient/Condition.c',
      'patient/Condition.u',
      'patient/Condition.d',
    ])
  })

  test('keeps a constraint with each letter, and names the categories it confines to', () => {
    const text = 'patient/Observation.rs?category=http://a.example|vital-signs,lab'
    const [expanded] = expandScopes([text], SERVED)
    assert.deepEqual(namesOf([text]), [
      'patient/Observation.r?category=http://a.example|vital-signs,lab',
      'patient/Observation.s?category=http://a.example|vital-signs,lab',
    ])
    const [letter] = expanded?.members ?? []
    assert.ok(letter?.kind === 'letter')
    assert.deepEqual(categoriesOf(letter.filters), ['http://a.example|vital-signs', 'lab'])
  })

  test('takes a modifier or a constraint on something else for no category', () => {
    assert.deepEqual(categoriesOf([['category:not', 'lab']]), [])
    assert.deepEqual(categoriesOf([['code', 'lab']]), [])
  })

  test('does not ask about who is there, about context, or about what an app keeps for itself', () => {
    const untouched = ['openid', 'fhirUser', 'profile', 'launch', 'launch/patient']
    assert.deepEqual(namesOf([...untouched, 'patient/Basic.cuds?code=https://app.example|prefs']), [])
  })

  test('asks about staying and about talking to others as they stand', () => {
    const words = ['offline_access', 'online_access', 'fhircast/Patient-open.*', 'messaging/ui', '__other']
    assert.deepEqual(namesOf(words), words)
  })
})

describe('putting together what policy permitted', () => {
  test('keeps the letters that are left in the order of the grammar', () => {
    const { granted, withheld } = left('patient/Observation.crus', { 'patient/Observation.r': 'no-care-relation' })
    assert.deepEqual(granted, ['patient/Observation.cus'])
    assert.deepEqual(withheld, [
      {
        scope: 'patient/Observation.r',
        code: 'no-care-relation',
        reason: 'not for this role (no-care-relation)',
        rules: ['rule-no-care-relation'],
      },
    ])
  })

  test('turns a wildcard into types as soon as one letter of one type is lost', () => {
    const { granted, withheld } = left('patient/*.rs', {
      'patient/Condition.r': 'role-not-entitled',
      'patient/Condition.s': 'role-not-entitled',
      'patient/Encounter.s': 'role-not-entitled',
    })
    assert.deepEqual(granted, ['patient/Observation.rs', 'patient/Encounter.r', 'patient/Patient.rs'])
    assert.deepEqual(
      withheld.map(({ scope }) => scope),
      ['patient/Condition.rs', 'patient/Encounter.s'],
    )
  })

  test('answers version 1 in version 1 as far as that can say it', () => {
    const kept = left('patient/*.read', {
      'patient/Encounter.s': 'no',
      'patient/Patient.r': 'no',
      'patient/Patient.s': 'no',
    })
    assert.deepEqual(kept.granted, ['patient/Observation.read', 'patient/Condition.read', 'patient/Encounter.r'])
  })

  test('keeps the constraint of what is left', () => {
    const { granted } = left('patient/Observation.rs?category=lab', { 'patient/Observation.s?category=lab': 'no' })
    assert.deepEqual(granted, ['patient/Observation.r?category=lab'])
  })

  test('tells letters of one type apart by the rule they fell to', () => {
    const { withheld } = left('patient/Observation.crs', {
      'patient/Observation.c': 'role-not-entitled',
      'patient/Observation.r': 'no-care-relation',
      'patient/Observation.s': 'no-care-relation',
    })
    assert.deepEqual(
      withheld.map(({ scope, code }) => `${scope} ${code}`),
      ['patient/Observation.c role-not-entitled', 'patient/Observation.rs no-care-relation'],
    )
  })

  test('takes a word away whole', () => {
    const { granted, withheld } = left('openid offline_access', { offline_access: 'no-staying' })
    assert.deepEqual(granted, ['openid'])
    assert.deepEqual(
      withheld.map(({ scope, code }) => [scope, code]),
      [['offline_access', 'no-staying']],
    )
  })

  test('knows that names and context alone open nothing', () => {
    assert.equal(opensAnything(['openid', 'fhirUser', 'launch', 'launch/patient', 'offline_access']), false)
    assert.equal(opensAnything(['openid', 'patient/Observation.r']), true)
    assert.equal(opensAnything(['fhircast/*.read']), true)
    assert.equal(opensAnything([]), false)
  })
})

/** Lists as they come out of a negotiation, and a policy that refuses whatever hashes below a bound. */
const grantedList = scopeList.map(
  (asked) =>
    negotiate({
      asked,
      registered: parseScopeSet(asked).scopes,
      context: { patient: true, encounter: true, fhirUser: true, kind: 'ehr' },
      mayRefresh: true,
    }).granted,
)
const weigh = (name: string): number =>
  Array.from(name).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 101, 7)
const policyRefusing = (bound: number) => (member: ScopeMember) =>
  weigh(nameOfMember(member)) < bound ? deny('no') : PERMIT
const bound = fc.integer({ min: 0, max: 101 })

describe('whatever policy says', () => {
  test('permitting everything gives back every byte', () => {
    fc.assert(
      fc.property(grantedList, (granted) => {
        const answer = rejoinScopes(expandScopes(granted, SERVED), () => PERMIT)
        assert.deepEqual(answer, { granted: [...granted], withheld: [] })
      }),
      { numRuns: 2000 },
    )
  })

  test('narrowing never widens, and says so of everything it took', () => {
    fc.assert(
      fc.property(grantedList, bound, (granted, limit) => {
        const expanded = expandScopes(granted, SERVED)
        const answer = rejoinScopes(expanded, policyRefusing(limit))
        const before = parseScopeSet(granted.join(' ')).scopes
        for (const text of answer.granted) assert.ok(covers(before, read(parseScope(text))), `${text} is new`)
        const lost = expanded.flatMap(({ members }) => members).filter((one) => policyRefusing(limit)(one) !== PERMIT)
        assert.equal(answer.withheld.length > 0, lost.length > 0)
      }),
      { numRuns: 2000 },
    )
  })

  test('a letter that is refused under every constraint is in nothing that is left', () => {
    fc.assert(
      fc.property(grantedList, bound, (granted, limit) => {
        const byType = (member: ScopeMember) =>
          member.kind === 'letter' ? weigh(`${member.level}${member.resourceType}${member.letter}`) : 101
        const answer = rejoinScopes(expandScopes(granted, SERVED), (one) => (byType(one) < limit ? deny('no') : PERMIT))
        const after = expandScopes(answer.granted, SERVED).flatMap(({ members }) => members)
        for (const member of after) assert.ok(byType(member) >= limit, `${nameOfMember(member)} was refused`)
      }),
      { numRuns: 2000 },
    )
  })

  test('refusing more never grants more', () => {
    fc.assert(
      fc.property(grantedList, bound, bound, (granted, a, b) => {
        const expanded = expandScopes(granted, SERVED)
        const [mild, strict] = [Math.min(a, b), Math.max(a, b)].map((limit) =>
          rejoinScopes(expanded, policyRefusing(limit)),
        )
        const more = parseScopeSet((mild?.granted ?? []).join(' ')).scopes
        for (const text of strict?.granted ?? []) assert.ok(covers(more, read(parseScope(text))))
      }),
      { numRuns: 1000 },
    )
  })

  test('asking again for what is left loses nothing more', () => {
    fc.assert(
      fc.property(grantedList, bound, (granted, limit) => {
        const once = rejoinScopes(expandScopes(granted, SERVED), policyRefusing(limit)).granted
        assert.deepEqual(rejoinScopes(expandScopes(once, SERVED), policyRefusing(limit)).granted, once)
      }),
      { numRuns: 1000 },
    )
  })
})
