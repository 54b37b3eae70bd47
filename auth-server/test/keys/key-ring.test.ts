import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openPlace } from '@uthopp/storage/open'
import { migrate } from '@uthopp/storage/migrate'
import { openKeyRing } from '#src/keys/key-ring.ts'
import { publishNext } from '#src/keys/publish-next.ts'
import { scheduleOfDays } from '#src/keys/stages.ts'
import type { KeyStore } from '#src/storage/keys.ts'
import { migrations } from '#src/storage/migrations.ts'
import { createKeyStore } from '#src/storage/sql-keys.ts'
import { TENANT } from '#test/storage/builders.ts'

const schedule = { ...scheduleOfDays(30), lookEveryMs: 5 }

describe('the keys in use', () => {
  test('stay in use while storage is away, and are followed again when it is back', async () => {
    const db = await openPlace({ kind: 'memory' })
    await migrate(db, migrations)
    const sound = createKeyStore(db, TENANT)
    let away = false
    const store: KeyStore = {
      ...sound,
      all: () => (away ? Promise.reject(new Error('the database is away')) : sound.all()),
    }
    const stopping = new AbortController()
    const failures: unknown[] = []
    let changes = 0
    const at = { ms: Date.now() }
    const deps = { store, schedule, now: () => new Date(at.ms) }
    const ring = await openKeyRing({
      ...deps,
      stopping: stopping.signal,
      changed: () => void (changes += 1),
      failed: (error) => void failures.push(error),
    })
    const until = async (holds: () => boolean): Promise<void> => {
      for (let look = 0; look < 1000 && !holds(); look += 1) await sleep(5)
      assert.ok(holds())
    }
    let made = 0
    const signing = ring.derive(({ accessToken }) => {
      made += 1
      return accessToken.kid
    })
    const first = signing()

    away = true
    await until(() => failures.length > 2)
    assert.equal(signing(), first)
    away = false
    await publishNext(await sound.all(), 'asked', deps)
    await until(() => changes === 1)
    at.ms += schedule.publishedBeforeMs
    await until(() => changes === 2)
    assert.notEqual(signing(), first)
    assert.equal(signing(), signing())
    assert.ok(made <= 3, 'what is made of the keys is made once for each change')

    stopping.abort()
    const told = failures.length
    away = true
    await sleep(50)
    assert.equal(failures.length, told, 'nobody looks after the end')
    await db.close()
  })
})
