import type { IncomingMessage } from 'node:http'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { childTraceparent } from '@uthopp/server-kit/trace'
import { isProblem } from '@uthopp/smart-core/problem'
import { formatDicomJson, parseDicomJson, studyUidOf } from '#src/dicomweb/dicom-json.ts'
import { parseImagingRequest } from '#src/dicomweb/imaging-request.ts'
import { readOwnStudyUids, readStudy } from '#src/dicomweb/imaging-studies.ts'
import { requireScope } from '#src/fhir/require-scope.ts'
import { createReview } from '#src/fhir/review.ts'
import type { Exchange } from '#src/fhir/step.ts'
import { forbidden, notAcceptable, notFound, notReady, upstreamFailed } from '#src/http/refusals.ts'
import type { Resource } from '#src/json.ts'
import { remembered } from '#src/remembered.ts'
import { requireBearer } from '#src/token/bearer.ts'
import type { Trust } from '#src/trust.ts'
import type { UpstreamAnswer } from '#src/upstream/client.ts'
import { callerUpstream, type DoorDeps, sharedUpstream, untilGone } from './door-deps.ts'

/** contracts.md §5: what a decision rests on is at most this old. */
const STUDY_FRESH_MS = 4000
const MOST_STUDIES_REMEMBERED = 5000
/** More UIDs than this make a longer query than servers take; the answer is filtered either way. */
const MOST_UIDS_ASKED = 60

/** Answers one request below the imaging door of a trust; `path` is what follows it, without leading slash. */
export type DicomwebDoor = (ctx: AppContext, trust: Trust, path: string) => Promise<void>

/**
 * The imaging door: the same token as FHIR, decided by the ImagingStudy that names the study (contracts.md §6).
 *
 * Searches and metadata are small and checked dataset by dataset; pixels stream through once their study is decided.
 */
export function createDicomwebDoor(deps: DoorDeps): DicomwebDoor {
  const studies = remembered<readonly Resource[]>({
    forMs: STUDY_FRESH_MS,
    limit: MOST_STUDIES_REMEMBERED,
    now: deps.now,
  })

  return async (ctx, trust, path) => {
    const access = await deps.verifyToken(trust, requireBearer(ctx.req.rawHeaders))
    const request = parseImagingRequest(ctx.method, path)
    if (isProblem(request)) throw forbidden(`this is not offered: ${request.reason}`)
    const exchange: Exchange = {
      trust,
      review: createReview(access, trust),
      upstream: callerUpstream(deps, trust, ctx),
      seal: deps.seal,
    }
    if (request.kind === 'find-studies') return findStudies(ctx, exchange)
    requireScope(exchange, { verb: 'read', type: 'ImagingStudy' })
    if (!(await isVisible(ctx, exchange, request.studyUid))) throw notFound()
    if (request.answers === 'bytes') return passBytes(ctx, trust, request.path)
    const datasets = parseDicomJson(await readJson(ctx, trust, request.path, ctx.querystring))
    answerJson(
      ctx,
      trust,
      datasets.filter((dataset) => belongsTo(dataset, request.studyUid)),
    )
  }

  /** Visible when every ImagingStudy that names the study is: two patients' claims on one study open it to neither. */
  async function isVisible(ctx: AppContext, exchange: Exchange, uid: string): Promise<boolean> {
    const { trust } = exchange
    const named = await studies(`${trust.orgnr} ${uid}`, () =>
      readStudy(sharedUpstream(deps, trust, ctx.state.trace), uid),
    )
    return named.length > 0 && named.every((study) => exchange.review.visible(study, ['read']) !== undefined)
  }

  async function findStudies(ctx: AppContext, exchange: Exchange): Promise<void> {
    requireScope(exchange, { verb: 'search', type: 'ImagingStudy' })
    requireScope(exchange, { verb: 'read', type: 'ImagingStudy' })
    const own = await readOwnStudyUids(exchange)
    if (own?.length === 0) return answerJson(ctx, exchange.trust, [])
    const query = new URLSearchParams(ctx.querystring)
    if (own !== undefined && own.length <= MOST_UIDS_ASKED) narrow(query, own)
    const datasets = parseDicomJson(await readJson(ctx, exchange.trust, 'studies', query.toString()))
    const visible: boolean[] = []
    for (const dataset of datasets) {
      const uid = studyUidOf(dataset)
      visible.push(
        uid !== undefined && (own === undefined || own.includes(uid)) && (await isVisible(ctx, exchange, uid)),
      )
    }
    answerJson(
      ctx,
      exchange.trust,
      datasets.filter((_, index) => visible[index] === true),
    )
  }

  async function readJson(ctx: AppContext, trust: Trust, path: string, query: string): Promise<string> {
    requireDicomJsonAccepted(ctx)
    const answer = await deps.client.call(await callOf(ctx, trust, path, query, 'application/dicom+json'))
    requireImagingSuccess(answer.status)
    return answer.body.toString('utf8')
  }

  async function passBytes(ctx: AppContext, trust: Trust, path: string): Promise<void> {
    const accept = ctx.get('accept') || '*/*'
    const incoming = await deps.client.open(await callOf(ctx, trust, path, ctx.querystring, accept))
    if (incoming.statusCode !== 200) {
      incoming.destroy()
      requireImagingSuccess(incoming.statusCode ?? 0)
      throw upstreamFailed()
    }
    ctx.status = 200
    copyHeaders(ctx, incoming)
    ctx.body = incoming
  }

  async function callOf(ctx: AppContext, trust: Trust, path: string, query: string, accept: string) {
    return {
      method: 'GET',
      url: `${trust.dicomwebUpstream}/${path}${query === '' ? '' : `?${query}`}`,
      headers: {
        accept,
        'accept-encoding': 'identity',
        authorization: await deps.serviceToken(trust),
        traceparent: childTraceparent(ctx.state.trace),
      },
      signal: untilGone(ctx),
    }
  }
}

/** A dataset that names another study than the one decided on stays behind. */
const belongsTo = (dataset: Parameters<typeof studyUidOf>[0], uid: string): boolean =>
  (studyUidOf(dataset) ?? uid) === uid

/** Several UIDs are asked for as a list (DICOM PS3.4 §C.2.2.2.2); what the caller asked for beside them stays. */
function narrow(query: URLSearchParams, own: readonly string[]): void {
  const asked = query.get('StudyInstanceUID') ?? query.get('0020000D')
  query.delete('0020000D')
  query.set(
    'StudyInstanceUID',
    asked === null
      ? own.join(',')
      : asked
          .split(',')
          .filter((uid) => own.includes(uid))
          .join(',') || '0.0',
  )
}

function requireImagingSuccess(status: number): void {
  if (status === 200 || status === 204) return
  if (status === 404 || status === 410) throw notFound()
  if (status === 400) throw forbidden('the imaging server does not understand this')
  if (status === 406) throw notAcceptable()
  if (status === 429) throw notReady('the imaging server is busy')
  throw upstreamFailed()
}

function requireDicomJsonAccepted(ctx: AppContext): void {
  const accept = ctx.get('accept').toLowerCase()
  if (accept !== '' && !/application\/(?:dicom\+)?json|application\/\*|\*\/\*/.test(accept)) throw notAcceptable()
}

function answerJson(ctx: AppContext, trust: Trust, datasets: Parameters<typeof formatDicomJson>[0]): void {
  ctx.status = 200
  ctx.type = 'application/dicom+json'
  ctx.body = formatDicomJson(datasets, trust)
}

function copyHeaders(ctx: AppContext, incoming: IncomingMessage): void {
  for (const name of ['content-type', 'content-length'] as const) {
    const value: UpstreamAnswer['headers'][typeof name] = incoming.headers[name]
    if (value !== undefined) ctx.set(name, value)
  }
}
