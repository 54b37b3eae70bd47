import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import { remoteKeySet } from '@uthopp/server-kit/remote-key-set'
import { tenantOf } from '@uthopp/storage/tenant'
import { publishNext } from '#src/keys/publish-next.ts'
import { createKeyStore } from '#src/storage/sql-keys.ts'
import { Browser } from '#test/support/browser.ts'
import { exchange, launch, refresh } from '#test/support/launch.ts'
import { allow, openPage, signIn, standalone, submitAndFollow } from '#test/support/standalone.ts'
import { OUS } from '#test/support/stub-host.ts'
import { json, postForm, startWorld, type World } from '#test/support/world.ts'
import { QUICK } from './quick.ts'

const LATER_MS = 6000

const kidOf = (token: unknown): string => decodeProtectedHeader(String(token)).kid ?? ''

/** Reads the key set again when its `Cache-Control` says so and never sooner, also not for a key it does not know. */
function patientReader(url: string) {
  let kept: { keys: ReturnType<typeof createLocalJWKSet>; until: number } | undefined
  return async (token: string): Promise<void> => {
    if (kept === undefined || performance.now() >= kept.until) {
      const answer = await fetch(url)
      const [, seconds] = /^public, max-age=(\d+)$/.exec(answer.headers.get('cache-control') ?? '') ?? []
      const jwks = (await answer.json()) as JSONWebKeySet // a wrong one verifies nothing below
      kept = { keys: createLocalJWKSet(jwks), until: performance.now() + Number(seconds) * 1000 }
    }
    await jwtVerify(token, kept.keys)
  }
}

describe('signing keys that change while the server runs', () => {
  let world: World
  before(async () => {
    world = await startWorld({ keySchedule: QUICK })
  })
  after(() => world.close())

  const publishedKids = async (): Promise<readonly string[]> => {
    const answer = await fetch(`${world.issuer()}/jwks`)
    const { keys } = (await answer.json()) as JSONWebKeySet // read for its ids alone
    return keys.map(({ kid }) => kid ?? '')
  }
  const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
    for (let look = 0; look < 150; look += 1) {
      if (await holds()) return
      await sleep(100)
    }
    assert.fail(`never: ${what}`)
  }
  /** What an operator's command does, and the wait for its effect. */
  const rotate = async (): Promise<void> => {
    const store = createKeyStore(world.db, tenantOf(OUS))
    const [before] = await publishedKids()
    await publishNext(await store.all(), 'asked', { store, schedule: QUICK, now: () => new Date() })
    await until('the new keys sign', async () => (await publishedKids())[0] !== before)
  }
  const introspect = async (token: unknown) => {
    const headers = { authorization: `Bearer ${String(token)}` }
    return json(await postForm(`${world.issuer()}/introspect`, { token: String(token) }, headers))
  }
  /** The gateway's own way to keys, `verify-token.ts`. */
  const gatewayKeys = () => remoteKeySet(`${world.issuer()}/jwks`)

  test('fail no launch, refresh, introspection or verification, twice, under load', async () => {
    const jwks = `${world.issuer()}/jwks`
    const [gateway, patient] = [gatewayKeys(), patientReader(jwks)]
    const verify = async (tokens: Readonly<Record<string, unknown>>): Promise<void> => {
      for (const name of ['access_token', 'id_token']) {
        await jwtVerify(String(tokens[name]), gateway, { issuer: world.issuer() })
        await patient(String(tokens[name]))
      }
      assert.equal((await introspect(tokens['access_token']))['active'], true)
    }
    const kids = new Set<string>()
    let rounds = 0
    const changing = new AbortController()
    const work = async (): Promise<void> => {
      let { tokens } = await launch(world)
      const first = tokens
      while (!changing.signal.aborted) {
        await verify(tokens)
        const answer = await refresh(world, tokens['refresh_token'])
        tokens = await json(answer)
        assert.equal(answer.status, 200, JSON.stringify(tokens))
        await verify((await launch(world)).tokens)
        kids.add(kidOf(tokens['access_token'])).add(kidOf(tokens['id_token']))
        rounds += 1
      }
      await verify(tokens)
      await verify(first)
    }
    /** Somebody who is slower than two changes of keys: the cookie of the pages is signed as well. */
    const dawdle = async (): Promise<void> => {
      const browser = new Browser()
      const request = standalone(world)
      const { address } = await openPage(browser, request.url)
      await signIn(browser, address)
      await until('the first change', async () => kids.size >= 4)
      const consent = await submitAndFollow(browser, address, { patient: 'cdp1002' })
      await until('the second change', async () => kids.size >= 6)
      const redirect = await allow(browser, address, consent)
      await verify(await json(await exchange(world, request, redirect.searchParams.get('code') ?? '')))
    }
    const load = Promise.all([work(), work(), dawdle()])
    load.catch(() => undefined) // awaited below; what fails earlier must not end the process
    await until('the load runs', async () => rounds > 2)
    await rotate()
    await until('the new keys are in use', async () => kids.size === 4)
    await rotate()
    await until('the newest keys are in use', async () => kids.size === 6)
    await until('there was a load', async () => rounds > 10)
    changing.abort()
    await load
    assert.deepEqual(
      world.lines.filter((line) => /"level":"error"/.test(line)),
      [],
    )
  })

  test('are known before they sign, and by every reader after', async () => {
    const { tokens } = await launch(world)
    const store = createKeyStore(world.db, tenantOf(OUS))
    const before = (await publishedKids()).length
    // Ahead of the time, so that they do not sign while this test is still looking.
    const ahead = () => new Date(Date.now() + LATER_MS)
    await publishNext(await store.all(), 'asked', { store, schedule: QUICK, now: ahead })
    await until('the next keys are published', async () => (await publishedKids()).length === before + 2)
    const waiting = await launch(world)
    assert.equal(kidOf(waiting.tokens['access_token']), kidOf(tokens['access_token']))
    // A reader that has just asked will not ask again for two seconds, and has no need to.
    const reader = gatewayKeys()
    await jwtVerify(String(tokens['access_token']), reader)
    const first = (await publishedKids())[0]
    await until('they sign', async () => (await publishedKids())[0] !== first)
    const changed = await launch(world)
    assert.notEqual(kidOf(changed.tokens['access_token']), kidOf(tokens['access_token']))
    for (const token of [changed.tokens['access_token'], changed.tokens['id_token'], tokens['id_token']])
      await jwtVerify(String(token), reader)
  })

  test('leave the key set when all they signed has expired, and not before', async () => {
    const all = await publishedKids()
    assert.ok(all.length > 2)
    world.clock.aheadMs = 3600_000
    await sleep(QUICK.lookEveryMs * 3)
    assert.deepEqual(await publishedKids(), all)
    world.clock.aheadMs = 2 * 3600_000
    await until('only the keys that sign are left', async () => (await publishedKids()).length === 2)
    const stored = await createKeyStore(world.db, tenantOf(OUS)).all()
    assert.equal(stored.length, 2)
  })
})

test('with the schedule as it is delivered, readers may keep the key set for five minutes', async () => {
  const world = await startWorld()
  try {
    const answer = await fetch(`${world.issuer()}/jwks`)
    assert.equal(answer.headers.get('cache-control'), 'public, max-age=300')
  } finally {
    await world.close()
  }
})
