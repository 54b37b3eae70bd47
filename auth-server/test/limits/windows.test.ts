import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createWindows } from '#src/limits/windows.ts'

describe('a limit a minute', () => {
  const start = Date.parse('2030-01-01T00:00:00Z')
  const make = (perMinute: number, mostKeys?: number) => {
    let at = start
    const windows = createWindows({ perMinute, now: () => new Date(at), ...(mostKeys && { mostKeys }) })
    return { windows, wait: (ms: number) => void (at += ms) }
  }

  test('is reached by one key and not by another, says how long to wait, and opens again', () => {
    const { windows, wait } = make(2)
    assert.deepEqual([windows.count('a'), windows.waitOf('a'), windows.count('a')], [false, undefined, true])
    wait(10_500)
    assert.deepEqual(windows.waitOf('a'), { seconds: 50 })
    assert.equal(windows.waitOf('b'), undefined)
    assert.equal(windows.count('a'), false, 'told once')
    wait(49_500)
    assert.equal(windows.waitOf('a'), undefined)
  })

  test('remembers a bounded number of keys; a flood of them forgets the oldest', () => {
    const { windows } = make(1, 3)
    for (const key of ['a', 'b', 'c', 'd']) windows.count(key)
    assert.deepEqual(
      ['a', 'b', 'c', 'd'].map((key) => windows.waitOf(key) !== undefined),
      [false, true, true, true],
    )
  })
})
