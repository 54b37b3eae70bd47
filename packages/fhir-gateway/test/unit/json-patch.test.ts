import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { applyJsonPatch, PatchProblem } from '#src/fhir/json-patch.ts'

const before = {
  resourceType: 'Observation',
  status: 'final',
  note: [{ text: 'a' }, { text: 'b' }],
  'a/b': { 'm~n': 1 },
}

describe('JSON Patch', () => {
  const cases: readonly (readonly [title: string, patch: unknown, after: object])[] = [
    ['adds a member', [{ op: 'add', path: '/x', value: 1 }], { ...before, x: 1 }],
    [
      'adds before an index',
      [{ op: 'add', path: '/note/1', value: { text: 'c' } }],
      { ...before, note: [{ text: 'a' }, { text: 'c' }, { text: 'b' }] },
    ],
    [
      'adds at the end',
      [{ op: 'add', path: '/note/-', value: { text: 'c' } }],
      { ...before, note: [...before.note, { text: 'c' }] },
    ],
    ['removes', [{ op: 'remove', path: '/note/0' }], { ...before, note: [{ text: 'b' }] }],
    [
      'replaces',
      [{ op: 'replace', path: '/note/0/text', value: 'z' }],
      { ...before, note: [{ text: 'z' }, { text: 'b' }] },
    ],
    ['moves', [{ op: 'move', from: '/note/1', path: '/note/0' }], { ...before, note: [{ text: 'b' }, { text: 'a' }] }],
    ['copies', [{ op: 'copy', from: '/status', path: '/was' }], { ...before, was: 'final' }],
    ['reads escapes', [{ op: 'replace', path: '/a~1b/m~0n', value: 2 }], { ...before, 'a/b': { 'm~n': 2 } }],
    [
      'tests without regard to member order',
      [{ op: 'test', path: '/note', value: [{ text: 'a' }, { text: 'b' }] }],
      before,
    ],
  ]
  for (const [title, patch, after] of cases) {
    test(`it ${title}`, () => {
      const given = structuredClone(before)
      assert.deepEqual(applyJsonPatch(given, patch), after)
      assert.deepEqual(given, before, 'the resource given is not changed')
    })
  }

  test('a patch that does not fit is refused whole', () => {
    for (const patch of [
      'x',
      [1],
      [{ op: 'remove', path: '/nothing' }],
      [{ op: 'replace', path: '/nothing', value: 1 }],
      [{ op: 'add', path: '/note/9', value: 1 }],
      [{ op: 'add', path: '/note/01', value: 1 }],
      [{ op: 'add', path: 'status', value: 1 }],
      [{ op: 'add', path: '/status/x', value: 1 }],
      [{ op: 'add', path: '/x' }],
      [{ op: 'test', path: '/status', value: 'draft' }],
      [{ op: 'move', from: '/note', path: '/note/0' }],
      [{ op: 'replace', path: '', value: {} }],
      [{ op: 'add', path: '/constructor/prototype/x', value: 1 }],
      [{ op: 'explode', path: '/status' }],
      // Each copies the whole document into itself: thirty of them would be a thousand million times as large.
      Array.from({ length: 30 }, (_, index) => ({ op: 'copy', from: '', path: `/x${index}` })),
      Array.from({ length: 201 }, () => ({ op: 'test', path: '/status', value: 'final' })),
    ]) {
      assert.throws(() => applyJsonPatch(before, patch), PatchProblem, JSON.stringify(patch))
    }
  })
})
