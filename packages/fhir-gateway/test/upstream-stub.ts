import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { capabilityStatement, outcome } from './stub-capabilities.ts'
import { matchesQuery, searchBundle, type StubResource } from './stub-search.ts'

export type StubRequest = {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

export type StubAnswer = {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

type Version = { readonly resource: StubResource | undefined; readonly versionId: string }

/**
 * A FHIR server of a few lines, with a hostile streak: `misbehave` answers instead of it whenever it returns something.
 *
 * It searches by the parameters the tests use and ignores the rest, as some real servers do.
 */
export type UpstreamStub = {
  readonly base: string
  readonly dicomweb: string
  readonly requests: StubRequest[]
  put(...resources: readonly StubResource[]): void
  stored(type: string, id: string): StubResource | undefined
  remove(type: string, id: string): void
  misbehave: ((request: StubRequest) => StubAnswer | 'hang' | 'stall' | undefined | Promise<undefined>) | undefined
  /** DICOMweb answers by path below the door. */
  readonly pixels: Map<string, StubAnswer & { readonly bytes?: Buffer }>
  /** More than so many included resources are cut from a page. */
  mostIncluded: number
  /** More than so many matches are on no page, whatever was asked for. */
  mostMatches: number
  close(): Promise<void>
}

export async function startUpstream(): Promise<UpstreamStub> {
  const store = new Map<string, Version[]>()
  const requests: StubRequest[] = []
  const pixels: UpstreamStub['pixels'] = new Map()
  const current = (key: string): Version | undefined => store.get(key)?.at(-1)
  const all = (type: string): StubResource[] =>
    [...store.entries()]
      .filter(([key]) => key.startsWith(`${type}/`))
      .flatMap(([, versions]) => versions.at(-1)?.resource ?? [])

  const keep = (resource: StubResource): StubResource => {
    const key = `${resource.resourceType}/${resource.id}`
    const versions = store.get(key) ?? []
    const versionId = String(versions.length + 1)
    const meta = typeof resource['meta'] === 'object' ? resource['meta'] : {}
    const kept = { ...resource, meta: { ...meta, versionId, lastUpdated: '2026-11-20T09:00:00Z' } }
    store.set(key, [...versions, { resource: kept, versionId }])
    return kept
  }

  const server = http.createServer((req, res) => void handle(req, res))
  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const pieces: Buffer[] = []
    for await (const piece of req) pieces.push(Buffer.from(piece as Uint8Array))
    const url = new URL(req.url ?? '/', 'http://stub')
    const request: StubRequest = {
      method: req.method ?? 'GET',
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      headers: req.headers,
      body: Buffer.concat(pieces).toString('utf8'),
    }
    requests.push(request)
    const twisted = await stub.misbehave?.(request)
    if (twisted === 'hang') return
    if (twisted === 'stall') {
      res.writeHead(200, { 'content-type': 'application/fhir+json' })
      res.write('{"resourceType":')
      return
    }
    if (!twisted && request.path.startsWith('/dicomweb/')) {
      const found = pixels.get(request.path.slice('/dicomweb/'.length))
      res.writeHead(found?.status ?? (found ? 200 : 404), {
        'content-type': 'application/dicom+json',
        ...found?.headers,
      })
      res.end(found?.bytes ?? JSON.stringify(found?.body ?? {}))
      return
    }
    const answer = twisted ?? serve(request)
    res.writeHead(answer.status ?? 200, { 'content-type': 'application/fhir+json; charset=utf-8', ...answer.headers })
    res.end(
      typeof answer.body === 'string' ? answer.body : answer.body === undefined ? '' : JSON.stringify(answer.body),
    )
  }

  const notFound: StubAnswer = { status: 404, body: outcome('not-found', 'Resource is not known to the stub') }

  function serve(request: StubRequest): StubAnswer {
    const path = request.path.replace(/^\/fhir\/?/, '')
    if (path === 'metadata') return { body: capabilityStatement }
    if (path === '' && request.method === 'POST') return transaction(JSON.parse(request.body) as StubResource)
    const [type = '', id, history, version] = path.split('/')
    const query = new URLSearchParams(request.query)
    if (id === '_search') for (const [name, value] of new URLSearchParams(request.body)) query.append(name, value)
    if (request.method === 'GET' && id && id !== '_search' && id !== '_history')
      return instance({ type, id, history, version }, query)
    if (request.method === 'GET' && id === '_history') return { body: historyBundle(all(type)) }
    if (request.method === 'GET' || id === '_search')
      return { body: searchBundle(stub.base, all, type, query, stub.mostIncluded, stub.mostMatches) }
    return write(request.method, type, id, request)
  }

  type Asked = { type: string; id: string; history: string | undefined; version: string | undefined }
  function instance({ type, id, history, version }: Asked, query: URLSearchParams): StubAnswer {
    const versions = store.get(`${type}/${id}`)
    if (!versions) return notFound
    if (history && version === undefined) {
      return { body: historyPage(versions.flatMap((one) => one.resource ?? []).toReversed(), `${type}/${id}`, query) }
    }
    if (history && version) {
      const found = versions.find((one) => one.versionId === version)
      return found?.resource ? answerWith(found.resource) : notFound
    }
    const latest = versions.at(-1)
    return latest?.resource ? answerWith(latest.resource) : { status: 410, body: outcome('deleted', 'gone') }
  }

  function write(method: string, type: string, id: string | undefined, request: StubRequest): StubAnswer {
    if (method === 'POST') {
      const criteria = request.headers['if-none-exist']
      if (typeof criteria === 'string') {
        const [found] = all(type).filter((one) => matchesQuery(one, new URLSearchParams(criteria)))
        if (found) return answerWith(found)
      }
      const made = keep({ ...(JSON.parse(request.body) as StubResource), id: `new${store.size}` })
      return answerWith(made, 201, { location: `${stub.base}/${type}/${made.id}/_history/1` })
    }
    const latest = current(`${type}/${id}`)
    if (!latest?.resource) return notFound
    const ifMatch = request.headers['if-match']
    if (ifMatch !== undefined && ifMatch !== `W/"${latest.versionId}"`)
      return { status: 412, body: outcome('conflict', 'stale') }
    if (method === 'DELETE') {
      stub.remove(type, id ?? '')
      return { status: 204 }
    }
    const kept = keep(JSON.parse(request.body) as StubResource)
    return answerWith(kept, 200, { location: `${stub.base}/${type}/${id}/_history/9` })
  }

  function transaction(bundle: StubResource): StubAnswer {
    const entries = (bundle['entry'] ?? []) as { request: Record<string, string>; resource?: StubResource }[]
    const done = entries.map(({ request, resource }) => {
      const [path = '', query = ''] = (request['url'] ?? '').split('?')
      const answer = serve({
        method: request['method'] ?? '',
        path: `/fhir/${path}`,
        query: new URLSearchParams(query),
        headers: {
          ...(request['ifMatch'] ? { 'if-match': request['ifMatch'] } : {}),
          ...(request['ifNoneExist'] ? { 'if-none-exist': request['ifNoneExist'] } : {}),
        },
        body: JSON.stringify(resource),
      })
      return {
        resource: answer.body,
        response: {
          status: `${answer.status ?? 200} x`,
          location: answer.headers?.['location'],
          etag: answer.headers?.['etag'],
        },
      }
    })
    return { body: { resourceType: 'Bundle', type: 'transaction-response', entry: done } }
  }

  const historyBundle = (resources: readonly StubResource[]): StubResource => ({
    resourceType: 'Bundle',
    type: 'history',
    total: resources.length,
    entry: resources.map((resource) => ({
      fullUrl: `${stub.base}/${resource.resourceType}/${resource.id}`,
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
      response: { status: '200', etag: `W/"1"` },
    })),
  })

  function historyPage(versions: readonly StubResource[], of: string, query: URLSearchParams): StubResource {
    const from = Number(query.get('_offset') ?? 0)
    const count = Number(query.get('_count') ?? versions.length)
    const next = { relation: 'next', url: `${stub.base}/${of}/_history?_count=${count}&_offset=${from + count}` }
    return {
      ...historyBundle(versions.slice(from, from + count)),
      total: versions.length,
      link: from + count < versions.length ? [next] : [],
    }
  }

  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo // a TCP server has an address
  const stub: UpstreamStub = {
    base: `http://127.0.0.1:${port}/fhir`,
    dicomweb: `http://127.0.0.1:${port}/dicomweb`,
    requests,
    put: (...resources) => {
      for (const resource of resources) keep(resource)
    },
    stored: (type, id) => current(`${type}/${id}`)?.resource,
    remove: (type, id) => {
      const versions = store.get(`${type}/${id}`) ?? []
      store.set(`${type}/${id}`, [...versions, { resource: undefined, versionId: String(versions.length + 1) }])
    },
    misbehave: undefined,
    mostIncluded: 1000,
    mostMatches: 10_000,
    pixels,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections()
        server.close(() => closed())
      }),
  }
  return stub
}

const answerWith = (
  resource: StubResource,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): StubAnswer => {
  const { versionId = '1' } = (resource['meta'] ?? {}) as { versionId?: string } // the stub wrote it
  return {
    status,
    headers: {
      etag: `W/"${versionId}"`,
      'last-modified': 'Fri, 20 Nov 2026 09:00:00 GMT',
      'x-powered-by': 'stub',
      ...headers,
    },
    body: resource,
  }
}
