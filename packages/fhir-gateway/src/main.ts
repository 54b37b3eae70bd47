import { createDeliveryHealth } from '@uthopp/audit/delivery-health'
import { createHttpRepository } from '@uthopp/audit/http-repository'
import { createOutbox } from '@uthopp/audit/outbox'
import { issuerOf } from '@uthopp/server-kit/deployment'
import { listen } from '@uthopp/server-kit/listen'
import { createLog } from '@uthopp/server-kit/log'
import { createMetrics } from '@uthopp/server-kit/metrics'
import { readProcessConfig } from '@uthopp/server-kit/process-config'
import { runProcess } from '@uthopp/server-kit/run-process'
import { migrate } from '@uthopp/storage/migrate'
import { openDatabase } from '@uthopp/storage/open'
import { publishBrands } from './brands/publication.ts'
import { createGateway } from './gateway.ts'
import { openDeciding } from './policy/open-deciding.ts'
import { MIGRATIONS } from './storage/migrations.ts'
import { openServiceKey } from './storage/signing-key.ts'
import { GATEWAY_CLIENT } from './token/gateway-client.ts'

await runProcess('gateway', async () => {
  const config = readProcessConfig(process.env, { address: 'gateway' })
  const { deployment, storage, data, databaseUrl } = config
  const db = await openDatabase({ name: 'gateway', storage, data, databaseUrl })
  await migrate(db, MIGRATIONS)
  const log = createLog({ name: 'gateway', level: config.logLevel })
  const now = () => new Date()
  const serviceKey = await openServiceKey(db)
  const outbox = createOutbox({ db, now, log })
  const gateway = createGateway({
    deployment,
    db,
    brands: await publishBrands(db, deployment, now()),
    serviceKey,
    trail: outbox,
    delivery: createDeliveryHealth(outbox),
    decidingFor: openDeciding({ deployment, key: serviceKey, log, now, workers: 1 }),
    log,
    metrics: createMetrics({ name: 'gateway', runtime: true }),
  })
  const server = await listen(gateway.app.handler, {
    port: config.port,
    name: 'gateway',
    setting: 'addresses.gateway in the deployment',
  })
  gateway.start()
  const repository = createHttpRepository({
    issuerOf: (orgnr) => issuerOf(deployment, orgnr),
    clientId: GATEWAY_CLIENT,
    keyOf: () => serviceKey,
    now,
  })
  outbox.start(repository)
  return {
    close: async () => {
      await server.close()
      await gateway.close()
      await outbox.close()
      await db.close()
    },
  }
})
