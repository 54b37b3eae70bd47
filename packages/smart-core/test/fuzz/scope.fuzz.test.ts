import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isProblem } from '#src/problem.ts'
import { describeScope } from '#src/scope/describe.ts'
import { intersect } from '#src/scope/intersect.ts'
import { formatScope, parseScope } from '#src/scope/scope.ts'
import { covers, formatScopeSet, parseScopeSet } from '#src/scope/scope-set.ts'
import { corpus } from '#test/corpus.ts'
import { fuzz, mutations } from '#test/fuzz/fuzz.ts'

type Scopes = Readonly<Record<'wellFormed' | 'illFormed', readonly { readonly scope: string }[]>>
const { wellFormed, illFormed } = corpus('scopes') as Scopes // our own committed table
const examples = [...wellFormed, ...illFormed].map(({ scope }) => scope)
const WORDS = [
  ' ',
  ...'patient/ user/ system/ launch launch/ * . .rs .cruds .read .write ? & = | , category= code= _id= Observation'.split(
    ' ',
  ),
  ...'Patient openid offline_access fhircast/ messaging/ __ : ?role= http:// urn:'.split(' '),
]

test('a scope near the grammar is printed as it was read, and described, or is a problem', async () => {
  await fuzz(
    mutations(examples, WORDS),
    (text) => {
      const scope = parseScope(text)
      if (isProblem(scope)) return
      assert.equal(formatScope(scope), text)
      assert.deepEqual(parseScope(text), scope)
      for (const language of ['nb', 'en'] as const) assert.notEqual(describeScope(scope, language), '')
    },
    5000,
  )
})

test('a list of scopes near the grammar keeps what it says through print, covers itself and narrows to itself', async () => {
  await fuzz(
    mutations([...examples, examples.slice(0, 8).join(' ')], [...WORDS, ...examples.slice(0, 12)]),
    (text) => {
      const { scopes } = parseScopeSet(text)
      const printed = formatScopeSet(scopes)
      assert.equal(formatScopeSet(parseScopeSet(printed).scopes), printed)
      for (const scope of scopes.scopes) assert.ok(covers(scopes, scope), formatScope(scope))
      for (const scope of intersect(scopes, scopes).scopes) assert.ok(covers(scopes, scope), formatScope(scope))
    },
    15_000,
  )
})
