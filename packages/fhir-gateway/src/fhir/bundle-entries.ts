import { isRecord } from '@uthopp/smart-core/fhir/resource'
import { type JsonObject, stringOf } from '#src/json.ts'
import type { FhirAnswer } from './answer.ts'
import type { Step } from './step.ts'
import type { FhirReply } from './upstream-fhir.ts'

/** A decided step as an entry of the transaction that goes up. */
export function upstreamEntry({ call, resource }: Step, entry: unknown): JsonObject {
  const fullUrl = isRecord(entry) ? stringOf(entry['fullUrl']) : undefined
  const ifMatch = call.headers?.['if-match']
  const ifNoneExist = call.headers?.['if-none-exist']
  return {
    ...(fullUrl === undefined ? {} : { fullUrl }),
    ...(resource === undefined ? {} : { resource }),
    request: {
      method: call.method,
      url: call.url,
      ...(ifMatch === undefined ? {} : { ifMatch }),
      ...(ifNoneExist === undefined ? {} : { ifNoneExist }),
    },
  }
}

/** One entry of the answer, as if it had come alone. */
export function replyOf(entry: JsonObject): FhirReply {
  const response = isRecord(entry['response']) ? entry['response'] : {}
  const headers = {
    etag: stringOf(response['etag']),
    'last-modified': stringOf(response['lastModified']),
    location: stringOf(response['location']),
  }
  return {
    status: Number.parseInt(stringOf(response['status']) ?? '', 10),
    header: (name) => headers[name],
    text: undefined,
    json: entry['resource'] ?? response['outcome'],
  }
}

/** A decided answer as an entry of the response. */
export function entryOf({ status, headers, resource }: FhirAnswer): JsonObject {
  return {
    ...(resource === undefined ? {} : { resource }),
    response: {
      status: String(status),
      ...(headers.etag === undefined ? {} : { etag: headers.etag }),
      ...(headers['last-modified'] === undefined
        ? {}
        : { lastModified: new Date(headers['last-modified']).toISOString() }),
      ...(headers.location === undefined ? {} : { location: headers.location }),
    },
  }
}
