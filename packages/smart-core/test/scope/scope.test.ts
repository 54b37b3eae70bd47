import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { isProblem } from '#src/problem.ts'
import { formatScope, parseScope } from '#src/scope/scope.ts'
import { otherScope, resourceScope } from '#test/arbitraries.ts'
import { corpus } from '#test/corpus.ts'
import { read } from '#test/required.ts'

type Scopes = {
  readonly wellFormed: readonly { readonly scope: string; readonly kind: string; readonly letters?: string }[]
  readonly illFormed: readonly { readonly scope: string; readonly why: string }[]
}
const scopes = corpus('scopes') as Scopes // our own committed table

describe('a scope', () => {
  for (const { scope, kind, letters } of scopes.wellFormed) {
    test(`${scope} is read as ${kind} and printed as it was written`, () => {
      const parsed = read(parseScope(scope))
      assert.equal(parsed.kind, kind)
      if (parsed.kind === 'resource') assert.equal(parsed.permissions.join(''), letters)
      assert.equal(formatScope(parsed), scope)
    })
  }

  for (const { scope, why } of scopes.illFormed) {
    test(`${JSON.stringify(scope)} is refused: ${why} (SAL-128, SAL-109, SAL-151)`, () => {
      assert.ok(isProblem(parseScope(scope)))
    })
  }

  test('that was read is printed unchanged (SAL-139)', () => {
    fc.assert(
      fc.property(fc.oneof(resourceScope, otherScope), (text) => {
        assert.equal(formatScope(read(parseScope(text))), text)
      }),
    )
  })

  test('that was printed is read as the same', () => {
    fc.assert(
      fc.property(fc.oneof(resourceScope, otherScope), (text) => {
        const scope = read(parseScope(text))
        assert.deepEqual(parseScope(formatScope(scope)), scope)
      }),
    )
  })

  test('keeps its percent-encoding in print and loses it in meaning', () => {
    const scope = read(parseScope('patient/Condition.rs?category=a%7Cb'))
    assert.deepEqual(scope.kind === 'resource' && scope.filters, [['category', 'a|b']])
    assert.equal(formatScope(scope), 'patient/Condition.rs?category=a%7Cb')
  })

  test('of any text at all is a scope or a problem, never a throw', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ maxLength: 200 }),
      fc.tuple(resourceScope, fc.string()).map(([scope, junk]) => scope + junk),
      fc
        .tuple(fc.constantFrom('patient/', 'launch/', 'fhircast/', 'messaging/', '__'), fc.string())
        .map((p) => p.join('')),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const scope = parseScope(text)
        if (!isProblem(scope)) assert.equal(formatScope(scope), text)
      }),
      { numRuns: 2000 },
    )
  })

  test('as long as an attacker likes is refused quickly', () => {
    for (const text of [
      `patient/Observation.rs?${'a=b&'.repeat(50_000)}`,
      `launch/${'a'.repeat(100_000)}`,
      `x:${'('.repeat(100_000)}`,
    ]) {
      const parsed = parseScope(text)
      assert.ok(isProblem(parsed))
      assert.ok(parsed.input.length < 200)
    }
  })
})
