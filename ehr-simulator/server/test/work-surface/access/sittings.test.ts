import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Sittings } from '#src/work-surface/access/sittings.ts'

const NOON = new Date('2030-01-01T12:00:00Z')
const after = (minutes: number) => new Date(NOON.getTime() + minutes * 60_000)
const look = (of: readonly string[], now = NOON) => ({ kind: 'chart', of, now })

/** A log that takes its time: each writing stands or fails when the test says so. */
function slowLog() {
  const writings: { readonly begun: readonly string[]; readonly stand: () => void; readonly fail: () => void }[] = []
  const write = (begun: readonly string[]) =>
    new Promise<void>((resolve, reject) => {
      writings.push({ begun, stand: resolve, fail: () => reject(new Error('the disk is full')) })
    })
  return { writings, write }
}
const settled = async (promise: Promise<void>): Promise<string> =>
  Promise.race([
    promise.then(
      () => 'answered',
      () => 'refused',
    ),
    new Promise<string>((resolve) => setImmediate(() => resolve('waiting'))),
  ])

describe('sittings', () => {
  test('of two requests of one look neither is answered before the record stands, and it is written once', async () => {
    const [sittings, { writings, write }] = [new Sittings(), slowLog()]
    const [first, second] = [sittings.begin('s', look(['a']), write), sittings.begin('s', look(['a']), write)]
    assert.deepEqual([await settled(first), await settled(second), writings.length], ['waiting', 'waiting', 1])
    writings[0]?.stand()
    assert.deepEqual([await settled(first), await settled(second)], ['answered', 'answered'])
  })

  test('when the record fails, both are refused and the next request writes it again', async () => {
    const [sittings, { writings, write }] = [new Sittings(), slowLog()]
    const [first, second] = [sittings.begin('s', look(['a', 'b']), write), sittings.begin('s', look(['b']), write)]
    writings[0]?.fail()
    assert.deepEqual([await settled(first), await settled(second)], ['refused', 'refused'])
    const third = sittings.begin('s', look(['a', 'b']), write)
    assert.deepEqual(writings.at(-1)?.begun, ['a', 'b'])
    writings.at(-1)?.stand()
    assert.equal(await settled(third), 'answered')
  })

  test('of a list, only what is new is written, and all of it is waited for', async () => {
    const [sittings, { writings, write }] = [new Sittings(), slowLog()]
    const first = sittings.begin('s', look(['a']), write)
    const second = sittings.begin('s', look(['a', 'b']), write)
    assert.deepEqual(writings.at(-1)?.begun, ['b'])
    writings.at(-1)?.stand()
    assert.equal(await settled(second), 'waiting')
    writings[0]?.stand()
    assert.deepEqual([await settled(first), await settled(second)], ['answered', 'answered'])
  })

  test('a look lasts a quarter of an hour from its beginning, however often it is asked for meanwhile', async () => {
    const sittings = new Sittings()
    const told: number[] = []
    for (const minutes of [0, 0.5, 14, 15, 28, 30, 31, 44, 48])
      await sittings.begin('s', look(['a'], after(minutes)), async () => void told.push(minutes))
    assert.deepEqual(told, [0, 28, 44])
  })

  test('a chart that is open all day is written down all day', async () => {
    for (const every of [0.5, 14, 15]) {
      const sittings = new Sittings()
      const told: number[] = []
      for (let minutes = 0; minutes <= 11 * 60; minutes += every)
        await sittings.begin('s', look(['a'], after(minutes)), async () => void told.push(minutes))
      const gaps = told.slice(1).map((minutes, index) => minutes - (told[index] ?? 0))
      assert.ok(Math.max(...gaps) <= 30, `${Math.max(...gaps)} minutes without a line`)
      assert.ok((told.at(-1) ?? 0) >= 10.5 * 60)
    }
  })

  test('is told apart by session and kind', async () => {
    const sittings = new Sittings()
    let told = 0
    const write = async () => void (told += 1)
    await sittings.begin('s', look(['a']), write)
    await sittings.begin('t', look(['a']), write)
    await sittings.begin('s', { ...look(['a']), kind: 'list' }, write)
    assert.equal(told, 3)
  })
})
