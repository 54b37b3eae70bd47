import type { OperationOutcome, Resource } from '@medplum/fhirtypes'
import type { Refusal } from '@uthopp/server-kit/refusal'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { etagOf, preferredReturn } from '#src/fhir/rest/headers.ts'

const FHIR_JSON = 'application/fhir+json; charset=utf-8'

export function sendFhir(ctx: AppContext, status: number, body: Resource | OperationOutcome): void {
  ctx.status = status
  ctx.body = JSON.stringify(body)
  ctx.type = FHIR_JSON // after the body: Koa would otherwise call a string text/plain
}

/** The issue type FHIR gives a refusal of the edge (R4 valueset-issue-type). */
const ISSUE: Readonly<Record<number, OperationOutcome['issue'][number]['code']>> = {
  401: 'login',
  403: 'forbidden',
  404: 'not-found',
  406: 'not-supported',
  413: 'too-long',
  415: 'not-supported',
  429: 'throttled',
  500: 'exception',
  503: 'transient',
}

/** How the FHIR and imaging doors tell a refusal. */
export function renderOutcome(ctx: AppContext, refusal: Refusal): void {
  sendFhir(ctx, refusal.status, {
    resourceType: 'OperationOutcome',
    issue: [
      {
        severity: 'error',
        code: ISSUE[refusal.status] ?? 'invalid',
        details: {
          coding: [{ system: 'http://uthopp.example/fhir/CodeSystem/refusal', code: refusal.code }],
          text: refusal.hint,
        },
        diagnostics: `correlation id ${ctx.state.trace.traceId}`,
      },
    ],
  })
}

/** Every refusal can be found again in the logs by what it says. */
function withCorrelation(ctx: AppContext, outcome: OperationOutcome): OperationOutcome {
  const diagnostics = `correlation id ${ctx.state.trace.traceId}`
  ctx.state.refusal = outcome.issue[0]?.code ?? 'invalid'
  return { ...outcome, issue: outcome.issue.map((issue) => ({ ...issue, diagnostics })) }
}

/** The headers R4 http.html gives one resource: its version and when it came about. */
function describeVersion(ctx: AppContext, resource: Resource): string | undefined {
  const { versionId, lastUpdated } = resource.meta ?? {}
  if (lastUpdated !== undefined) ctx.set('last-modified', new Date(lastUpdated).toUTCString())
  if (versionId === undefined) return undefined
  ctx.set('etag', etagOf(versionId))
  return versionId
}

/** Answers with what an interaction produced, the way the client prefers it. */
export function sendResult(
  ctx: AppContext,
  base: string,
  status: number,
  outcome: OperationOutcome,
  resource: Resource | undefined,
): void {
  if (status >= 400) return sendFhir(ctx, status, withCorrelation(ctx, outcome))
  const writes = ctx.method === 'POST' || ctx.method === 'PUT'
  if (resource === undefined) {
    ctx.status = 204
    return undefined
  }
  if (resource.resourceType === 'Bundle') return sendFhir(ctx, status, resource)
  const versionId = describeVersion(ctx, resource)
  if (versionId !== undefined && resource.id !== undefined && writes) {
    const location = `${base}/${resource.resourceType}/${resource.id}/_history/${versionId}`
    ctx.set(status === 201 ? 'location' : 'content-location', location)
  }
  if (
    !writes &&
    versionId !== undefined &&
    ctx
      .get('if-none-match')
      .split(',')
      .some((tag) => tag.trim() === etagOf(versionId))
  ) {
    ctx.status = 304
    return undefined
  }
  const prefer = writes ? preferredReturn(ctx.get('prefer')) : 'representation'
  if (prefer === 'representation') return sendFhir(ctx, status, resource)
  if (prefer === 'OperationOutcome') return sendFhir(ctx, status, outcome)
  ctx.status = status
  ctx.body = null
  ctx.status = status // Koa makes an empty body 204; a 201 stays one
  return undefined
}
