import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { listen } from '@uthopp/server-kit/listen'
import { createLog } from '@uthopp/server-kit/log'
import { createMetrics } from '@uthopp/server-kit/metrics'
import { readProcessConfig } from '@uthopp/server-kit/process-config'
import { runProcess } from '@uthopp/server-kit/run-process'
import { openDatabase } from '@uthopp/storage/open'
import { createHost } from './http/host-app.ts'

await runProcess('host', async () => {
  const config = readProcessConfig(process.env, { address: 'host' })
  const { data } = config
  if (data !== undefined) mkdirSync(data, { recursive: true, mode: 0o700 })
  const host = await createHost({
    deployment: config.deployment,
    database: await openDatabase({ ...config, name: 'host' }),
    fhirFile: (orgnr) =>
      config.storage === 'memory' || data === undefined ? ':memory:' : join(data, `fhir-${orgnr}.sqlite`),
    now: () => new Date(),
    log: createLog({ name: 'host', level: config.logLevel }),
    metrics: createMetrics({ name: 'host', runtime: true }),
    siteDir: fileURLToPath(new URL('../../web/dist', import.meta.url)),
  })
  const server = await listen(host.app.handler, {
    port: config.port,
    name: 'host',
    setting: 'addresses.host in the deployment',
  })
  host.startLive()
  host.startSweeping()
  host.startAudit()
  return {
    close: async () => {
      host.endStreams()
      await server.close()
      await host.close()
    },
  }
})
