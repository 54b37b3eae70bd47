import type { RequestListener } from 'node:http'
import { after } from 'node:test'
import { createHttpApp, type HttpApp, type HttpAppOptions } from '#src/http-app.ts'
import { listen } from '#src/listen.ts'
import { createLog } from '#src/log.ts'
import { createMetrics } from '#src/metrics.ts'

export type TestApp = HttpApp & {
  readonly lines: string[]
  readonly metrics: ReturnType<typeof createMetrics>
  /** Serves on a free port until the suite ends; answers the address. */
  readonly serve: () => Promise<string>
}

/** An app of the real kind whose log lands in `lines`. */
export function anApp(options: Partial<HttpAppOptions> = {}): TestApp {
  const lines: string[] = []
  const metrics = createMetrics({ name: 'test' })
  const log = createLog({ name: 'test', level: 'debug', write: (line) => lines.push(line) })
  const app = createHttpApp({ name: 'test', log, metrics, ready: () => Promise.resolve(undefined), ...options })
  return { ...app, lines, metrics, serve: () => serve(app.handler) }
}

/** Serves any handler on a free port until the suite ends. */
export async function serve(handler: RequestListener): Promise<string> {
  const server = await listen(handler, { port: 0, name: 'test' })
  after(() => server.close())
  return `http://127.0.0.1:${server.port}`
}

/** Waits, a bounded time, until a log line about the event exists; lines are written when the connection lets go. */
export async function lineAbout(lines: readonly string[], event: string): Promise<Record<string, unknown>> {
  for (const deadline = performance.now() + 20_000; performance.now() < deadline; ) {
    const line = lines.find((candidate) => candidate.includes(`"event":"${event}"`))
    if (line !== undefined) return Object.fromEntries(Object.entries(JSON.parse(line)))
    await new Promise((later) => {
      setTimeout(later, 5)
    })
  }
  throw new Error(`no log line about ${event}`)
}
