import type { AppContext } from '@uthopp/server-kit/http-app'
import type { FhirAnswer } from '#src/fhir/answer.ts'
import { forbidden } from '#src/http/refusals.ts'
import type { Trust } from '#src/trust.ts'

/** SAL-4: JSON whatever was asked for. */
export function writeDiscovery(ctx: AppContext, document: unknown): void {
  if (!reads(ctx)) throw forbidden('discovery is only read')
  ctx.status = 200
  ctx.set('cache-control', 'public, max-age=60')
  ctx.type = 'application/json'
  ctx.body = JSON.stringify(document)
}

/** Puts an answer on the wire, with every address behind us rewritten; an unchanged text is sent as it came. */
export function writeAnswer(ctx: AppContext, trust: Trust, { status, headers, resource, text }: FhirAnswer): void {
  if (reads(ctx) && headers.etag !== undefined && knows(ctx.get('if-none-match'), headers.etag)) {
    // Decided first, compared after: the server behind us never answers 304, since that could not be decided.
    ctx.status = 304
    ctx.set('etag', headers.etag)
    return
  }
  ctx.status = status
  for (const [name, value] of Object.entries(headers)) ctx.set(name, value)
  if (headers.location !== undefined) ctx.set('content-location', headers.location)
  if (resource === undefined) {
    ctx.body = null
    ctx.status = status // Koa makes a null body a 204
    return
  }
  ctx.type = 'application/fhir+json; charset=utf-8'
  const written = text ?? JSON.stringify(resource)
  // Most often nothing in it names an address behind us, and then it need not be gone through member by member.
  ctx.body = trust.mayNameUpstream(written) ? JSON.stringify(trust.resourceToOurs(resource)) : written
}

/** True for requests that only look. */
export const reads = (ctx: AppContext): boolean => ctx.method === 'GET' || ctx.method === 'HEAD'

/** RFC 9110 §13.1.2: a list of tags, compared weakly. */
const knows = (ifNoneMatch: string, etag: string): boolean =>
  ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag.replace(/^W\//, ''))
