import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Series } from '../src/imaging/study.ts'
import { sliceAfter } from '../src/stack/stack-keys.ts'
import { isWindow, presetsFor, rangeOf, windowOf } from '../src/stack/window-level.ts'

const CHEST: Series = { uid: '2.25.1', modality: 'CT', description: 'Thorax', instances: 60, bodySite: '51185008' }
const HEAD: Series = { ...CHEST, description: 'Caput', bodySite: '69536005' }
const ABDOMEN: Series = { ...CHEST, description: 'Abdomen', bodySite: '818983003' }

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
    for (const { window } of [CHEST, HEAD, ABDOMEN].flatMap(presetsFor)) {
      assert.deepEqual(windowOf(rangeOf(window)), window)
      assert.ok(isWindow(window, windowOf(rangeOf(window))))
      assert.ok(!isWindow(window, { ...window, width: window.width + 1 }))
    }
  })

  test('each part of the body is offered the windows it is read in', () => {
    const names = (series: Series) => presetsFor(series).map(({ name }) => name)
    assert.deepEqual(names(CHEST), ['Lunge', 'Bløtvev', 'Bein'])
    assert.deepEqual(names(HEAD), ['Hjerne', 'Bein'])
    assert.deepEqual(names(ABDOMEN), ['Bløtvev', 'Bein'])
  })

  test('neither a localizer nor a plain film is offered a window in Hounsfield units', () => {
    assert.deepEqual(presetsFor({ ...CHEST, instances: 1 }), [])
    assert.deepEqual(presetsFor({ ...CHEST, modality: 'CR' }), [])
  })
})
