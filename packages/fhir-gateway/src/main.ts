import { listen } from '@uthopp/server-kit/listen'
import { createLog } from '@uthopp/server-kit/log'
import { createMetrics } from '@uthopp/server-kit/metrics'
import { readProcessConfig } from '@uthopp/server-kit/process-config'
import { runProcess } from '@uthopp/server-kit/run-process'
import { migrate } from '@uthopp/storage/migrate'
import { openDatabase } from '@uthopp/storage/open'
import { publishBrands } from './brands/publication.ts'
import { createGateway } from './gateway.ts'
import { MIGRATIONS } from './storage/migrations.ts'
import { openServiceKey } from './storage/signing-key.ts'

await runProcess('gateway', async () => {
  const config = readProcessConfig(process.env, { address: 'gateway' })
  const { deployment, storage, data, databaseUrl } = config
  const db = await openDatabase({ name: 'gateway', storage, data, databaseUrl })
  await migrate(db, MIGRATIONS)
  const gateway = createGateway({
    deployment,
    db,
    brands: await publishBrands(db, deployment, new Date()),
    serviceKey: await openServiceKey(db),
    log: createLog({ name: 'gateway', level: config.logLevel }),
    metrics: createMetrics({ name: 'gateway', runtime: true }),
  })
  const server = await listen(gateway.app.handler, {
    port: config.port,
    name: 'gateway',
    setting: 'addresses.gateway in the deployment',
  })
  gateway.start()
  return {
    close: async () => {
      await server.close()
      gateway.close()
      await db.close()
    },
  }
})
