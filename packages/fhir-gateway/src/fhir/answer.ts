import type { Resource } from '@uthopp/smart-core/fhir/resource'
import type { FhirReply } from './upstream-fhir.ts'

/** What the gateway answers, before it is written to the wire or into an entry of a batch. */
export type FhirAnswer = {
  readonly status: number
  readonly headers: AnswerHeaders
  readonly resource: Resource | undefined
  /** The text the resource was read from, when it is unchanged: it need not be written again. */
  readonly text?: string | undefined
}

export type AnswerHeaders = { readonly etag?: string; readonly 'last-modified'?: string; readonly location?: string }

const ETAG = /^(?:W\/)?"[\x21\x23-\x7e]*"$/

/** The headers a FHIR client needs; everything else a server says about itself stays behind. */
export function headersOf(reply: FhirReply): AnswerHeaders {
  const etag = reply.header('etag')
  const lastModified = reply.header('last-modified')
  return {
    ...(etag !== undefined && ETAG.test(etag) ? { etag } : {}),
    ...(lastModified !== undefined && !Number.isNaN(Date.parse(lastModified)) ? { 'last-modified': lastModified } : {}),
  }
}
