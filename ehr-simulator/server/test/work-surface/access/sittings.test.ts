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

  test('a look goes on for as long as it is looked at, and is another one after a quarter of an hour without', async () => {
    const sittings = new Sittings()
    const told: string[] = []
    const write = async (begun: readonly string[]) => void told.push(...begun)
    for (const minutes of [0, 14, 28]) await sittings.begin('s', look(['a'], after(minutes)), write)
    assert.deepEqual(told, ['a'])
    await sittings.begin('s', look(['a'], after(44)), write)
    assert.deepEqual(told, ['a', 'a'])
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
