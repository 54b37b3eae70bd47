import type { AppContext } from '@uthopp/server-kit/http-app'
import { newTrace } from '@uthopp/server-kit/trace'
import { isPatientType } from '@uthopp/smart-core/fhir/patient-compartment'
import { isProblem } from '@uthopp/smart-core/problem'
import { collect, ExportTooLarge } from '#src/export/collect.ts'
import { createExportJobs, type ExportJob } from '#src/export/export-jobs.ts'
import { parseExportRequest } from '#src/export/export-request.ts'
import { isExportable, manifestOf, readableLines } from '#src/export/tell-export.ts'
import { requireScope } from '#src/fhir/require-scope.ts'
import type { Exchange } from '#src/fhir/step.ts'
import {
  badRequest,
  exportFailed,
  forbidden,
  insufficientScope,
  methodNotAllowed,
  notFound,
  tooManyExports,
} from '#src/http/refusals.ts'
import type { Trust } from '#src/trust.ts'
import type { DoorDeps } from './door-deps.ts'
import { reads } from './write-answer.ts'

/** What all exports of this process may hold together. */
const MOST_BYTES = 128 * 1024 * 1024
const ASK_AGAIN_SECONDS = '2'

const PLACE = /^(?<patient>Patient\/)?\$export(?:\/(?<job>[\da-f]{32})(?:\/(?<file>\d{1,4})\.ndjson)?)?$/

export type ExportDoor = {
  /** True for the addresses of exports. */
  readonly serves: (path: string) => boolean
  readonly answer: (ctx: AppContext, exchange: Exchange, path: string) => Promise<void>
  readonly close: () => void
}

/**
 * Bulk Data Access 2.0.0 for backend services: kick-off, status, files.
 *
 * Every request is decided by the token it brings: an export begun with more is read with what is held now.
 */
export function createExportDoor(
  deps: DoorDeps & { readonly typesOffered: (trust: Trust) => Promise<readonly string[]> },
): ExportDoor {
  const jobs = createExportJobs({ now: deps.now })

  async function begin(ctx: AppContext, exchange: Exchange, level: 'system' | 'patient'): Promise<void> {
    const prefers = (wish: string) => new RegExp(`(?:^|[,;\\s])${wish}(?:$|[,;\\s])`, 'i').test(ctx.get('prefer'))
    if (!prefers('respond-async')) throw badRequest('an export is asked for with `Prefer: respond-async`')
    const request = parseExportRequest(level, new URLSearchParams(ctx.querystring), prefers('handling=lenient'))
    if (isProblem(request)) throw badRequest(request.reason)
    const types = request.types ?? (await typesCovered(exchange, level))
    for (const type of types) requireExportable(exchange, type)
    if (level === 'patient' && !types.every(isPatientType))
      throw badRequest('`_type` names a type that is no patient’s')
    const query = ctx.querystring === '' ? '' : `?${ctx.querystring}`
    const address = `${exchange.trust.fhirBase}/${level === 'patient' ? 'Patient/' : ''}$export`
    const job = jobs.begin(holderOf(exchange), `${address}${query}`)
    if (job === undefined) throw tooManyExports()
    void run(exchange, job, types, request.since)
    ctx.status = 202
    ctx.set('content-location', `${exchange.trust.fhirBase}/$export/${job.id}`)
    ctx.body = ''
  }

  async function typesCovered({ review, trust }: Exchange, level: 'system' | 'patient'): Promise<readonly string[]> {
    const types = (await deps.typesOffered(trust)).filter(
      (type) => isExportable(review, type) && (level === 'system' || isPatientType(type)),
    )
    if (types.length === 0) throw insufficientScope()
    return types
  }

  /** Goes on after the one who asked has gone, and after the token has expired: only what it collects needs a token again. */
  async function run(
    asked: Exchange,
    job: ExportJob,
    types: readonly string[],
    since: string | undefined,
  ): Promise<void> {
    const { trust, review } = asked
    const about = { tenant: trust.orgnr, clientId: review.access.clientId }
    const exchange = asked.goingOn(newTrace(), job.cancelled)
    deps.log.info('export-begun', { ...about, count: types.length })
    try {
      const files = await collect(exchange, {
        types,
        since,
        mostBytes: MOST_BYTES - jobs.bytes(),
        cancelled: job.cancelled,
        onProgress: (progress) => {
          job.state = { kind: 'running', progress }
        },
      })
      // What was left out is told of now; what is in the files, whenever one of them is read.
      await exchange.ledger.keep()
      job.state = { kind: 'done', files, expiresAt: jobs.expiry() }
      deps.log.info('export-done', { ...about, count: files.reduce((sum, { count }) => sum + count, 0) })
    } catch (error) {
      if (job.cancelled.aborted) return
      const tooLarge = error instanceof ExportTooLarge
      const hint = tooLarge ? 'there is too much to export at once; ask for fewer types' : 'the export failed'
      job.state = { kind: 'failed', hint, expiresAt: jobs.expiry() }
      deps.log.error('export-failed', { ...about, ...(tooLarge ? { reason: 'too large' } : { error }) })
    }
  }

  function tellStatus(ctx: AppContext, exchange: Exchange, job: ExportJob): void {
    if (job.state.kind === 'failed') throw exportFailed(job.state.hint)
    if (job.state.kind === 'running') {
      ctx.status = 202
      ctx.set({ 'x-progress': job.state.progress, 'retry-after': ASK_AGAIN_SECONDS })
      ctx.body = ''
      return
    }
    const { files, expiresAt } = job.state
    ctx.set('expires', expiresAt.toUTCString())
    ctx.type = 'application/json'
    ctx.body = JSON.stringify(manifestOf(exchange, job, files))
  }

  return {
    serves: (path) => PLACE.test(path),
    async answer(ctx, exchange, path) {
      const { patient, job: id, file } = PLACE.exec(path)?.groups ?? {}
      if (!exchange.review.access.scopes.resources.some(({ level }) => level === 'system'))
        throw forbidden('exports are for backend services')
      exchange.ledger.about({ interaction: 'operation', type: null, query: null })
      if (id === undefined) {
        if (ctx.method !== 'GET') throw methodNotAllowed('GET')
        return begin(ctx, exchange, patient === undefined ? 'system' : 'patient')
      }
      const job = patient === undefined ? jobs.find(holderOf(exchange), id) : undefined
      if (job === undefined) throw notFound()
      if (ctx.method === 'DELETE' && file === undefined) {
        jobs.remove(job)
        ctx.status = 202
        ctx.body = ''
        return
      }
      if (!reads(ctx)) throw methodNotAllowed(file === undefined ? 'GET, HEAD, DELETE' : 'GET, HEAD')
      if (file === undefined) return tellStatus(ctx, exchange, job)
      const found = job.state.kind === 'done' ? job.state.files[Number(file)] : undefined
      if (found === undefined) throw notFound()
      requireExportable(exchange, found.type)
      ctx.type = 'application/fhir+ndjson'
      ctx.body = await readableLines(exchange.review, found)
    },
    close: () => jobs.close(),
  }
}

const holderOf = ({ trust, review }: Exchange): string => JSON.stringify([trust.orgnr, review.access.clientId])

function requireExportable(exchange: Exchange, type: string): void {
  for (const verb of ['read', 'search'] as const) requireScope(exchange, { verb, type })
}
