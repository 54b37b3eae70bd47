import { join } from 'node:path'
import { createHttpApp } from '@uthopp/server-kit/http-app'
import { listen } from '@uthopp/server-kit/listen'
import { createLog } from '@uthopp/server-kit/log'
import { createMetrics } from '@uthopp/server-kit/metrics'
import { readProcessConfig } from '@uthopp/server-kit/process-config'
import { runProcess } from '@uthopp/server-kit/run-process'
import { serveSite } from '@uthopp/server-kit/static-site'

// A vendor's web server, nothing more: static files, embeddable by any host, talking to whichever server launched it.
const APP_CSP =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src *; base-uri 'none'; form-action 'none'"

await runProcess('apps', async () => {
  const { deployment, logLevel } = readProcessConfig(process.env, { address: 'launcher' })
  const log = createLog({ name: 'apps', level: logLevel })
  const servers = await Promise.all(
    deployment.apps.map(async ({ clientId, origin }) => {
      const name = `app ${clientId}`
      const app = createHttpApp({ name, log, metrics: createMetrics({ name: clientId }), ready: async () => undefined })
      app.koa.use(serveSite({ dir: join(import.meta.dirname, '..', 'sample-apps', clientId, 'dist'), csp: APP_CSP }))
      return listen(app.handler, { port: Number(new URL(origin).port), name, setting: 'APPS_PORT' })
    }),
  )
  return { close: async () => void (await Promise.all(servers.map((server) => server.close()))) }
})
