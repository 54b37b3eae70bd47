import type { IncomingMessage } from 'node:http'
import { type DicomDataset, parseDicomJson } from './dicom-json.ts'
import { forbidden, notAcceptable, notFound, notReady, upstreamFailed } from '#src/http/refusals.ts'
import type { UpstreamClient, UpstreamRequest } from '#src/upstream/client.ts'

/** The imaging server of one trust for the length of one request of ours; only ever read. */
export type ImagingUpstream = {
  readonly datasets: (path: string, query: string) => Promise<readonly DicomDataset[]>
  /** Pixels, not looked into; `accept` is the caller's wish for their form. */
  readonly bytes: (path: string, query: string, accept: string) => Promise<IncomingMessage>
}

export function imagingUpstream(options: {
  readonly client: UpstreamClient
  readonly base: string
  readonly authorization: () => Promise<string>
  readonly traceparent: string
  readonly signal: AbortSignal
}): ImagingUpstream {
  const requestOf = async (path: string, query: string, accept: string): Promise<UpstreamRequest> => ({
    method: 'GET',
    url: `${options.base}/${path}${query === '' ? '' : `?${query}`}`,
    headers: {
      accept,
      'accept-encoding': 'identity',
      authorization: await options.authorization(),
      traceparent: options.traceparent,
    },
    signal: options.signal,
  })
  return {
    async datasets(path, query) {
      const answer = await options.client.call(await requestOf(path, query, 'application/dicom+json'))
      requireSuccess(answer.status)
      return parseDicomJson(answer.body.toString('utf8'))
    },
    async bytes(path, query, accept) {
      const incoming = await options.client.open(await requestOf(path, query, accept))
      if (incoming.statusCode === 200) return incoming
      incoming.destroy()
      requireSuccess(incoming.statusCode ?? 0)
      throw upstreamFailed()
    },
  }
}

function requireSuccess(status: number): void {
  if (status === 200 || status === 204) return
  if (status === 404 || status === 410) throw notFound()
  if (status === 400) throw forbidden('the imaging server does not understand this')
  if (status === 406) throw notAcceptable()
  if (status === 429) throw notReady('the imaging server is busy')
  throw upstreamFailed()
}
