import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { onEachEngine } from '@uthopp/storage/on-each-engine'
import { migrations } from '#src/storage/migrations.ts'
import { Browser } from '#test/support/browser.ts'
import { authorize, authorizing, exchange, launch, locationOf, offer, refresh, start } from '#test/support/launch.ts'
import { startWorld, type World } from '#test/support/world.ts'

const eight = <T>(attempt: () => Promise<T>): Promise<readonly T[]> => Promise.all(Array.from({ length: 8 }, attempt))
const succeeded = (answers: readonly Response[]) => answers.filter((answer) => answer.status === 200).length

describe('races over HTTP', () => {
  onEachEngine(migrations, ({ newPlace }) => {
    const inWorld = async (work: (world: World) => Promise<void>) => {
      const world = await startWorld({ place: newPlace() })
      try {
        await work(world)
      } finally {
        await world.close()
      }
    }

    test('of eight authorization requests with one handle exactly one gets a code', () =>
      inWorld(async (world) => {
        const browser = new Browser()
        const offered = await offer(world)
        await start(world, browser, offered)
        const jar = browser.cookies
        const answers = await eight(() => Browser.with(jar).navigate(authorizing(world, offered.launch).url))
        assert.equal(answers.filter((answer) => locationOf(answer).searchParams.has('code')).length, 1)
      }))

    test('of eight exchanges of one code, and eight uses of one refresh token, exactly one succeeds', () =>
      inWorld(async (world) => {
        const authorized = await authorize(world, new Browser())
        const code = authorized.redirect.searchParams.get('code') ?? ''
        assert.equal(succeeded(await eight(() => exchange(world, authorized.request, code))), 1)
        const { tokens } = await launch(world)
        assert.equal(succeeded(await eight(() => refresh(world, tokens['refresh_token']))), 1)
      }))
  })
})
