import { parseJson } from '#src/json.ts'
import type { UpstreamAnswer, UpstreamClient } from '#src/upstream/client.ts'

/** One request to the FHIR server behind us, below its base. */
export type FhirCall = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Relative path and query, or a whole paging link of that server. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly contentType?: string
}

/** What came back: from a call of its own, or as one entry of a transaction. */
export type FhirReply = {
  readonly status: number
  readonly header: (name: 'etag' | 'last-modified' | 'location') => string | undefined
  /** The bytes as they came, when they came alone. */
  readonly text: string | undefined
  readonly json: unknown
}

/** True where the server behind us may hold something else afterwards; what is posted to be searched by changes nothing. */
export const isChange = ({ method, url }: Pick<FhirCall, 'method' | 'url'>): boolean =>
  method !== 'GET' && !url.endsWith('/_search')

export type UpstreamFhir = (call: FhirCall) => Promise<FhirReply>

const ABSOLUTE = /^https?:\/\//

/** Speaks to the FHIR server of one trust for the length of one request of ours. */
export function upstreamFhir(options: {
  readonly client: UpstreamClient
  readonly base: string
  /** A whole `Authorization` header: our own service token, never the caller's. */
  readonly authorization: () => Promise<string>
  readonly traceparent: string
  readonly signal?: AbortSignal
}): UpstreamFhir {
  return async ({ method, url, headers = {}, body, contentType = 'application/fhir+json' }) => {
    const answer = await options.client.call({
      method,
      url: ABSOLUTE.test(url) ? url : `${options.base}${url === '' || url.startsWith('?') ? '' : '/'}${url}`,
      headers: {
        accept: 'application/fhir+json',
        authorization: await options.authorization(),
        traceparent: options.traceparent,
        ...(body === undefined
          ? {}
          : { 'content-type': contentType, 'content-length': String(Buffer.byteLength(body)) }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    })
    return replyOf(answer)
  }
}

function replyOf(answer: UpstreamAnswer): FhirReply {
  const text = answer.body.toString('utf8')
  return {
    status: answer.status,
    header: (name) => answer.headers[name],
    text,
    json: text === '' ? undefined : parseJson(text),
  }
}
