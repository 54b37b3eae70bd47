import type { TestContext } from 'node:test'
import { createHttpApp } from '@uthopp/server-kit/http-app'
import { listen } from '@uthopp/server-kit/listen'
import { createLog } from '@uthopp/server-kit/log'
import { createMetrics } from '@uthopp/server-kit/metrics'
import { createDicomweb } from '#src/dicomweb/dicomweb.ts'
import { type FhirStore, openFhirStore } from '#src/fhir/repository.ts'
import { resourcesOf } from '#src/seed/seed-trust.ts'

export type ArchiveDoor = {
  readonly base: string
  readonly store: FhirStore
  readonly get: (path: string, accept?: string) => Promise<Response>
}

/** A trust's archive behind a real port, with only the imaging studies in its store. */
export async function openArchive(context: TestContext, orgnr: string): Promise<ArchiveDoor> {
  const store = openFhirStore({ file: ':memory:' })
  const studies = resourcesOf(orgnr, { now: new Date(), host: 'http://localhost:4300' })
  await store.load(studies.filter(({ resourceType }) => resourceType === 'ImagingStudy'))
  const app = createHttpApp({
    name: 'archive',
    log: createLog({ name: 'archive', level: 'silent' }),
    metrics: createMetrics({ name: 'archive', runtime: false }),
    ready: () => Promise.resolve(undefined),
  })
  app.koa.use(createDicomweb({ store, orgnr }).routes())
  const door = await listen(app.handler, { port: 0, name: 'archive' })
  context.after(async () => {
    await door.close()
    store.close()
  })
  const base = `http://127.0.0.1:${door.port}`
  return {
    base,
    store,
    get: (path, accept) => fetch(`${base}${path}`, accept === undefined ? {} : { headers: { accept } }),
  }
}

/** The bodies of a multipart answer's parts, with their content types. */
export async function partsOf(
  response: Response,
): Promise<readonly { readonly type: string; readonly bytes: Buffer }[]> {
  const boundary =
    /boundary=(?<boundary>\S+)/.exec(response.headers.get('content-type') ?? '')?.groups?.['boundary'] ?? '?'
  const all = Buffer.from(await response.arrayBuffer())
  const parts: { type: string; bytes: Buffer }[] = []
  let from = all.indexOf(`--${boundary}`)
  for (;;) {
    const next = all.indexOf(`\r\n--${boundary}`, from + 1)
    if (next < 0) return parts
    const part = all.subarray(from + boundary.length + 4, next)
    const split = part.indexOf('\r\n\r\n')
    parts.push({ type: part.subarray(0, split).toString(), bytes: part.subarray(split + 4) })
    from = next + 2
  }
}
