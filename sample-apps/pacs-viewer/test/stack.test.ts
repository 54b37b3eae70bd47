import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sliceAfter } from '../src/stack/stack-keys.ts'
import { PRESETS, presetOf, rangeOf, windowOf } from '../src/stack/window-level.ts'

describe('reading a stack', () => {
  test('keys scroll and stop at both ends', () => {
    assert.equal(sliceAfter('ArrowDown', 30, 60), 31)
    assert.equal(sliceAfter('ArrowUp', 0, 60), 0)
    assert.equal(sliceAfter('PageDown', 55, 60), 59)
    assert.equal(sliceAfter('Home', 30, 60), 0)
    assert.equal(sliceAfter('End', 30, 60), 59)
    assert.equal(sliceAfter('Tab', 30, 60), undefined)
  })

  test('a window survives the way to grey values and back, and is recognised as its preset', () => {
    for (const preset of PRESETS) {
      assert.deepEqual(windowOf(rangeOf(preset.window)), preset.window)
      assert.equal(presetOf(windowOf(rangeOf(preset.window))), preset.id)
    }
    assert.equal(presetOf({ width: 401, level: 40 }), '')
  })
})
