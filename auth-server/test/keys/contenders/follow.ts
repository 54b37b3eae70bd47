import { setTimeout as sleep } from 'node:timers/promises'
import { contend } from '@uthopp/storage/race'
import { openKeyRing } from '#src/keys/key-ring.ts'
import { publishNext } from '#src/keys/publish-next.ts'
import { createKeyStore } from '#src/storage/sql-keys.ts'
import { TENANT } from '#test/storage/builders.ts'
import { QUICK } from '../quick.ts'

const LOOKS = 500

/** Asks for the next keys like all the others, of whom one is first; says which signed before and which then do. */
await contend(async (db) => {
  const stopping = new AbortController()
  const deps = { store: createKeyStore(db, TENANT), schedule: QUICK, now: () => new Date() }
  const ring = await openKeyRing({
    ...deps,
    stopping: stopping.signal,
    changed: () => undefined,
    failed: (error) => {
      throw error
    },
  })
  const signing = ring.derive(({ accessToken, idToken }) => [accessToken.kid, idToken.kid])
  const first = signing()
  await publishNext(await deps.store.all(), 'asked', deps)
  for (let look = 0; look < LOOKS && signing().some((kid) => first.includes(kid)); look += 1) await sleep(20)
  stopping.abort()
  return [first, signing()]
})
