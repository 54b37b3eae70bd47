import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client'

/** What one process counts. Labels are route templates and codes, never ids of people or launches. */
export type Metrics = {
  readonly registry: Registry
  readonly observeRequest: (seen: { route: string; method: string; status: number; seconds: number }) => void
  readonly counter: <L extends string>(name: string, help: string, labels: readonly L[]) => Counter<L>
  readonly histogram: <L extends string>(name: string, help: string, labels: readonly L[]) => Histogram<L>
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** Opens a registry of its own, so that several apps can live in one test process. `runtime` adds memory, loop lag and GC. */
export function createMetrics(options: { readonly name: string; readonly runtime?: boolean }): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ process: options.name })
  if (options.runtime) collectDefaultMetrics({ register: registry })
  const histogram = <L extends string>(name: string, help: string, labels: readonly L[]) =>
    new Histogram({ name, help, labelNames: labels, buckets: SECONDS, registers: [registry] })
  const requests = histogram('http_request_duration_seconds', 'Time to answer, by route template', [
    'route',
    'method',
    'status',
  ])
  return {
    registry,
    observeRequest: ({ route, method, status, seconds }) => requests.observe({ route, method, status }, seconds),
    counter: (name, help, labels) => new Counter({ name, help, labelNames: labels, registers: [registry] }),
    histogram,
  }
}
