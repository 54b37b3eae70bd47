import { issuerOf } from '@uthopp/server-kit/deployment'
import { ConfigProblem } from '@uthopp/server-kit/config'
import { readProcessConfig } from '@uthopp/server-kit/process-config'
import { migrate } from '@uthopp/storage/migrate'
import { openDatabase } from '@uthopp/storage/open'
import { tenantOf } from '@uthopp/storage/tenant'
import { readKeySchedule } from './keys/configuration.ts'
import { publishNext } from './keys/publish-next.ts'
import { stagesOf } from './keys/stages.ts'
import { migrations } from './storage/migrations.ts'
import { createKeyStore } from './storage/sql-keys.ts'

/** Publishes every issuer's next keys now, in the database that the running server looks into. Reads the same environment. */
async function rotateKeys(): Promise<void> {
  const config = readProcessConfig(process.env, { address: 'auth' })
  const schedule = readKeySchedule(process.env)
  if (config.storage === 'memory')
    throw new ConfigProblem(['UTHOPP_STORAGE: keys in memory belong to the running server alone'])
  const now = () => new Date()
  const db = await openDatabase({ name: 'auth', ...config })
  try {
    await migrate(db, migrations)
    for (const { orgnr } of config.deployment.trusts) {
      const store = createKeyStore(db, tenantOf(orgnr))
      const before = await store.all()
      if (before.length === 0)
        throw new ConfigProblem([`no server of ${issuerOf(config.deployment, orgnr)} has ever run on this database`])
      await publishNext(before, 'asked', { store, schedule, now })
      const keys = Map.groupBy(await store.all(), (key) => key.alg)
      for (const [alg, ofAlgorithm] of keys) {
        const next = stagesOf(ofAlgorithm, now()).find(([, stage]) => stage === 'next')?.[0]
        const fate = next === undefined ? 'signs now' : `${next.kid} signs from ${next.signsFrom.toISOString()}`
        process.stdout.write(`${issuerOf(config.deployment, orgnr)} ${alg}: ${fate}\n`)
      }
    }
  } finally {
    await db.close()
  }
}

await rotateKeys().catch((error: unknown) => {
  if (!(error instanceof ConfigProblem)) throw error
  for (const problem of error.problems) process.stderr.write(`rotate-keys: ${problem}\n`)
  process.exitCode = 78
})
