import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isLaunchRefused, launchOf, reduceTiles, tileOf, type TileAction, type Tiles } from '#src/surface/tiles.ts'

const run = (...actions: readonly TileAction[]): Tiles => actions.reduce(reduceTiles, new Map())
const open = (generation: number) => ({ kind: 'open', app: 'pacs', generation, about: null }) as const
const offered = (generation: number, launch: string) =>
  ({ kind: 'offered', app: 'pacs', generation, launch, origin: 'http://localhost:4400' }) as const

describe('the life of a tile', () => {
  test('goes from offer to running', () => {
    const tiles = run(open(1), offered(1, 'l-1'), { kind: 'loaded', app: 'pacs', generation: 1 })
    assert.equal(tileOf(tiles, 'pacs').kind, 'running')
    assert.equal(launchOf(tileOf(tiles, 'pacs')), 'l-1')
  })

  test('an offer for a closed tile belongs to nobody', () => {
    const tiles = run(open(1), { kind: 'close', app: 'pacs' }, offered(1, 'l-1'))
    assert.equal(tileOf(tiles, 'pacs').kind, 'idle')
  })

  test('an offer that was overtaken by a reload belongs to nobody', () => {
    const tiles = run(open(1), open(2), offered(1, 'l-1'))
    assert.deepEqual(tileOf(tiles, 'pacs'), { kind: 'offering', generation: 2, about: null })
    assert.equal(launchOf(tileOf(reduceTiles(tiles, offered(2, 'l-2')), 'pacs')), 'l-2')
  })

  test('a refusal of an overtaken opening does not take the new one down', () => {
    const refuse = { kind: 'refuse', app: 'pacs', generation: 1, code: 'launch_refused', correlation: null } as const
    assert.equal(tileOf(run(open(1), open(2), refuse), 'pacs').kind, 'offering')
    assert.equal(tileOf(run(open(1), refuse), 'pacs').kind, 'refused')
  })

  test('the empty document of a new frame is not the app', () => {
    assert.equal(tileOf(run(open(1), { kind: 'loaded', app: 'pacs', generation: 1 }), 'pacs').kind, 'offering')
  })

  test('only a started tile can be told that the browser kept no proof', () => {
    assert.equal(tileOf(run({ kind: 'blocked', app: 'pacs' }), 'pacs').kind, 'idle')
    assert.equal(tileOf(run(open(1), offered(1, 'l-1'), { kind: 'blocked', app: 'pacs' }), 'pacs').kind, 'blocked')
  })

  test('what happens to one app leaves the others alone', () => {
    const tiles = run(
      open(1),
      { kind: 'open', app: 'mypath', generation: 2, about: null },
      { kind: 'close', app: 'pacs' },
    )
    assert.equal(tileOf(tiles, 'mypath').kind, 'offering')
  })

  test('only our own message counts as a refusal', () => {
    assert.equal(isLaunchRefused({ type: 'uthopp:launch-refused', launch: 'l-1' }), true)
    for (const other of [null, 'uthopp:launch-refused', {}, { type: 'other' }, []])
      assert.equal(isLaunchRefused(other), false)
  })
})
