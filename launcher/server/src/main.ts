import { generateSigningKey } from '@uthopp/server-kit/keys'
import { listen } from '@uthopp/server-kit/listen'
import { createLog } from '@uthopp/server-kit/log'
import { createMetrics } from '@uthopp/server-kit/metrics'
import { readProcessConfig } from '@uthopp/server-kit/process-config'
import { runProcess } from '@uthopp/server-kit/run-process'
import { createLauncher } from './launcher-app.ts'

await runProcess('launcher', async () => {
  const { deployment, port, logLevel } = readProcessConfig(process.env, { address: 'launcher' })
  // The launcher keeps nothing: a new key at each start is published at its JWKS address, which is all anybody needs.
  const keys = new Map(
    await Promise.all(deployment.trusts.map(async ({ orgnr }) => [orgnr, await generateSigningKey('ES256')] as const)),
  )
  const log = createLog({ name: 'launcher', level: logLevel })
  const metrics = createMetrics({ name: 'launcher', runtime: true })
  const app = createLauncher({ deployment, keys, log, metrics, port: () => port })
  return listen(app.handler, { port, name: 'launcher', setting: 'LAUNCHER_PORT' })
})
