import { createOutbox } from '@uthopp/audit/outbox'
import { createHeadsWriter } from '@uthopp/audit/write-heads'
import { createLog } from '@uthopp/server-kit/log'
import { listen } from '@uthopp/server-kit/listen'
import { createMetrics } from '@uthopp/server-kit/metrics'
import { readProcessConfig } from '@uthopp/server-kit/process-config'
import { runProcess } from '@uthopp/server-kit/run-process'
import { migrate } from '@uthopp/storage/migrate'
import { openDatabase } from '@uthopp/storage/open'
import { tenantOf } from '@uthopp/storage/tenant'
import { readRetentionYears } from './audit/configuration.ts'
import { tellExpired } from './audit/expired-launches.ts'
import { headsFile } from './audit/heads-files.ts'
import { startKeepingLog } from './audit/keep-log.ts'
import { createAuthServer } from './auth-server.ts'
import { readKeySchedule } from './keys/configuration.ts'
import { decideWithHost } from './policy/decide-here.ts'
import { migrations } from './storage/migrations.ts'
import { startSweeping } from './storage/sweep.ts'

await runProcess('auth', async () => {
  const config = readProcessConfig(process.env, { address: 'auth' })
  const keySchedule = readKeySchedule(process.env)
  const years = readRetentionYears(process.env)
  const log = createLog({ name: 'auth', level: config.logLevel })
  const metrics = createMetrics({ name: 'auth', runtime: true })
  const db = await openDatabase({
    name: 'auth',
    storage: config.storage,
    data: config.data,
    databaseUrl: config.databaseUrl,
  })
  await migrate(db, migrations)
  const now = () => new Date()
  const stopping = new AbortController()
  const outbox = createOutbox({ db, now, log })
  // Keys and clients are in place before the port opens, so whoever reaches the server can be served.
  const app = await createAuthServer({
    deployment: config.deployment,
    db,
    log,
    metrics,
    now,
    keySchedule,
    openPolicy: decideWithHost(config.deployment),
    outbox,
    stopping: stopping.signal,
  })
  const server = await listen(app.handler, {
    port: config.port,
    name: 'auth',
    setting: 'addresses.auth in the deployment',
  })
  const sweeping = startSweeping({ db, now, log, expired: tellExpired(outbox) })
  const path = config.storage === 'disk' && config.data !== undefined ? headsFile(config.data) : undefined
  const heads = path === undefined ? undefined : createHeadsWriter({ db, path, now, log })
  const tenants = config.deployment.trusts.map(({ orgnr }) => tenantOf(orgnr))
  const keeping = startKeepingLog({ db, tenants, years, now, log, heads })
  return {
    async close() {
      sweeping.stop()
      stopping.abort()
      await server.close()
      await outbox.close()
      await keeping.stop()
      await db.close()
    },
  }
})
