import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { type Asked, type NegotiationContext, negotiate } from '#src/negotiate.ts'
import { parseScope } from '#src/scope/scope.ts'
import { covers, parseScopeSet, scopeSetOf } from '#src/scope/scope-set.ts'
import { scopeList } from '#test/arbitraries.ts'
import { corpus } from '#test/corpus.ts'
import { read } from '#test/required.ts'

type Case = {
  readonly promise: string
  readonly asked: string
  readonly registered: string
  readonly context?: Partial<NegotiationContext>
  readonly mayRefresh?: boolean
  readonly origins?: readonly string[]
  readonly granted: readonly string[]
  readonly withheld: readonly { readonly scope: string; readonly code: string }[]
}

const EHR: NegotiationContext = { patient: true, encounter: true, fhirUser: true, kind: 'ehr' }
const requestOf = (given: Pick<Case, 'asked' | 'registered' | 'context' | 'mayRefresh' | 'origins'>): Asked => ({
  asked: given.asked,
  registered: parseScopeSet(given.registered).scopes,
  context: { ...EHR, ...given.context },
  mayRefresh: given.mayRefresh ?? true,
  ...(given.origins === undefined ? {} : { origins: given.origins }),
})

const context: fc.Arbitrary<NegotiationContext> = fc.record({
  patient: fc.boolean(),
  encounter: fc.boolean(),
  fhirUser: fc.boolean(),
  kind: fc.constantFrom('ehr', 'standalone', 'backend'),
})
const request = fc.record({ asked: scopeList, registered: scopeList, context, mayRefresh: fc.boolean() }).map(requestOf)

describe('a negotiation', () => {
  for (const given of corpus('negotiation') as readonly Case[]) {
    // our own committed table
    test(given.promise, () => {
      const { granted, withheld } = negotiate(requestOf(given))
      assert.deepEqual(granted, given.granted)
      const told = withheld.map(({ scope, code }) => `${scope} ${code}`)
      assert.deepEqual(told.sort(), given.withheld.map(({ scope, code }) => `${scope} ${code}`).sort())
      for (const { reason } of withheld) assert.match(reason, /\w+ \w+/)
    })
  }

  test('grants only what was asked and registered', () => {
    fc.assert(
      fc.property(request, (asked) => {
        for (const text of negotiate(asked).granted) {
          const scope = read(parseScope(text))
          assert.ok(covers(asked.registered, scope), `${text} was not registered`)
          assert.ok(covers(parseScopeSet(asked.asked).scopes, scope), `${text} was not asked`)
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('grants nothing about a patient without one, no system scope to a user and no delete at all', () => {
    fc.assert(
      fc.property(request, (asked) => {
        for (const scope of parseScopeSet(negotiate(asked).granted.join(' ')).scopes.resources) {
          assert.ok(scope.level !== 'patient' || asked.context.patient)
          assert.equal(scope.level === 'system', asked.context.kind === 'backend')
          assert.ok(!scope.permissions.includes('d'))
          assert.ok(scope.level !== 'user' || scope.permissions.every((letter) => letter === 'r' || letter === 's'))
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('grants no less when more is asked', () => {
    fc.assert(
      fc.property(request, scopeList, (asked, more) => {
        const longer = parseScopeSet(negotiate({ ...asked, asked: `${asked.asked} ${more}` }).granted.join(' ')).scopes
        for (const text of negotiate(asked).granted) assert.ok(covers(longer, read(parseScope(text))))
      }),
      { numRuns: 1000 },
    )
  })

  test('tells about everything it did not grant whole', () => {
    fc.assert(
      fc.property(request, (asked) => {
        const { granted, withheld } = negotiate(asked)
        const all = parseScopeSet(granted.join(' ')).scopes
        for (const scope of parseScopeSet(asked.asked).scopes.scopes)
          if (!covers(all, scope)) assert.ok(withheld.length > 0, `nothing was said of ${JSON.stringify(scope)}`)
        if (withheld.length === 0) assert.ok(scopeSetOf(all.scopes).scopes.length > 0 || asked.asked.trim() === '')
      }),
    )
  })
})
