import type { AppContext } from '@uthopp/server-kit/http-app'
import { childTraceparent } from '@uthopp/server-kit/trace'
import type { Resource } from '@uthopp/smart-core/fhir/resource'
import { isProblem } from '@uthopp/smart-core/problem'
import { type DicomDataset, formatDicomJson, studyUidOf } from '#src/dicomweb/dicom-json.ts'
import { parseImagingRequest } from '#src/dicomweb/imaging-request.ts'
import { readOwnStudyUids, readStudy } from '#src/dicomweb/imaging-studies.ts'
import { type ImagingUpstream, imagingUpstream } from '#src/dicomweb/imaging-upstream.ts'
import { requireScope } from '#src/fhir/require-scope.ts'
import { requireFound, standingOf } from '#src/fhir/standing.ts'
import type { Exchange } from '#src/fhir/step.ts'
import { badRequest, forbidden, notAcceptable, notFound } from '#src/http/refusals.ts'
import { remembered } from '#src/remembered.ts'
import type { Trust } from '#src/trust.ts'
import { type DoorDeps, sharedUpstream, untilGone } from './door-deps.ts'
import { evenly } from './even-time.ts'
import { accounted, openExchange } from './open-exchange.ts'
import { passBytes } from './pass-bytes.ts'

/** contracts.md §5: what a decision rests on is at most this old. */
const ACTIVITIES = { access: 'imaging-access', refused: 'imaging-refused' } as const
const STUDY_FRESH_MS = 4000
const MOST_STUDIES_REMEMBERED = 5000
/** More UIDs than this make a longer query than servers take; the answer is filtered either way. */
const MOST_UIDS_ASKED = 60

/** Answers one request below the imaging door of a trust; `path` is what follows it, without leading slash. */
export type DicomwebDoor = (ctx: AppContext, trust: Trust, path: string) => Promise<void>

type Visit = {
  readonly ctx: AppContext
  readonly exchange: Exchange
  readonly imaging: ImagingUpstream
  /** Every ImagingStudy that names a study. */
  readonly studiesOf: (studyUid: string) => Promise<readonly Resource[]>
}

/**
 * The imaging door: the same token as FHIR, decided by the ImagingStudy that names the study (contracts.md §6).
 *
 * Searches and metadata are small and checked dataset by dataset; pixels stream through once their study is decided.
 */
export function createDicomwebDoor(deps: DoorDeps): DicomwebDoor {
  const known = remembered<readonly Resource[]>({
    forMs: STUDY_FRESH_MS,
    limit: MOST_STUDIES_REMEMBERED,
    now: deps.now,
  })

  async function open(ctx: AppContext, trust: Trust): Promise<Visit> {
    const exchange = await openExchange(deps, ctx, trust, ACTIVITIES)
    const signal = untilGone(ctx)
    const { trace } = ctx.state
    return {
      ctx,
      exchange,
      imaging: imagingUpstream({
        client: deps.client,
        base: trust.dicomwebUpstream,
        authorization: () => deps.serviceToken(trust.dicomwebUpstream),
        traceparent: childTraceparent(trace),
        signal,
      }),
      studiesOf: (uid) => known(`${trust.orgnr} ${uid}`, () => readStudy(sharedUpstream(deps, trust, trace), uid)),
    }
  }

  async function answer(visit: Visit, path: string): Promise<void> {
    const { ctx, exchange } = visit
    const request = parseImagingRequest(ctx.method, path)
    if (isProblem(request)) throw forbidden(`this is not offered: ${request.reason}`)
    exchange.ledger.about({
      interaction: request.kind === 'find-studies' ? 'search-type' : 'read',
      type: 'ImagingStudy',
      query: null,
    })
    requireScope(exchange, { verb: 'read', type: 'ImagingStudy' })
    if (request.kind === 'find-studies') return findStudies(visit)
    await requireStudy(visit, request.studyUid)
    if (request.answers === 'bytes')
      return passBytes(
        ctx,
        exchange.trust,
        await visit.imaging.bytes(request.path, ctx.querystring, ctx.get('accept') || '*/*'),
      )
    requireDicomJsonAccepted(ctx)
    const datasets = await visit.imaging.datasets(request.path, ctx.querystring)
    // A dataset that names another study than the one decided on stays behind.
    answerJson(
      visit,
      datasets.filter((dataset) => (studyUidOf(dataset) ?? request.studyUid) === request.studyUid),
    )
  }

  return async (ctx, trust, path) => {
    const visit = await open(ctx, trust)
    const { ledger, review } = visit.exchange
    return evenly(review.judge, () => accounted(ledger, () => answer(visit, path)), { timing: deps.timing })
  }
}

/** Visible when every ImagingStudy that names the study is: two patients' claims on one study open it to neither. */
async function requireStudy({ exchange, studiesOf }: Visit, uid: string): Promise<void> {
  const standing = await standingOf(exchange, { action: 'read', type: 'ImagingStudy', id: null })
  await requireFound(exchange, standing, async () => {
    const named = await studiesOf(uid)
    if (named.length === 0) throw notFound()
    for (const study of named) await exchange.review.require(study, ['read'])
  })
}

/** Studies whose ImagingStudy is looked up at the same time; an archive may hold all those of a trust. */
const LOOKED_UP_TOGETHER = 8

/** Finding studies: asked for the patient's own where there is one, and each study found is decided again. */
async function findStudies(visit: Visit): Promise<void> {
  const { ctx, exchange, imaging, studiesOf } = visit
  requireScope(exchange, { verb: 'search', type: 'ImagingStudy' })
  requireDicomJsonAccepted(ctx)
  const standing = await standingOf(exchange, { action: 'search', type: 'ImagingStudy', id: null })
  const own = await readOwnStudyUids(exchange)
  if (own?.length === 0 && standing !== undefined) throw exchange.review.nothingThere(standing)
  if (own?.length === 0) return answerJson(visit, [])
  const query = new URLSearchParams(ctx.querystring)
  // Pages cut before policy has decided would tell by their length how much was hidden, so they are cut here.
  const page = exchange.review.judge.mayHide('ImagingStudy') ? takePage(query) : undefined
  if (own !== undefined && own.length <= MOST_UIDS_ASKED) narrow(query, own)
  const candidates: { readonly dataset: DicomDataset; readonly named: readonly Resource[] }[] = []
  const found = (await imaging.datasets('studies', query.toString())).flatMap((dataset) => {
    const uid = studyUidOf(dataset)
    return uid === undefined || own?.includes(uid) === false ? [] : [{ dataset, uid }]
  })
  for (let from = 0; from < found.length; from += LOOKED_UP_TOGETHER) {
    const some = found.slice(from, from + LOOKED_UP_TOGETHER)
    candidates.push(
      ...(await Promise.all(some.map(async ({ dataset, uid }) => ({ dataset, named: await studiesOf(uid) })))),
    )
  }
  const studies = candidates.flatMap(({ named }) => named)
  const visible = await exchange.review.visibleAmong(
    studies.map((resource) => ({ resource, verbs: ['read'] as const })),
  )
  const hidden = new Set(studies.filter((_, index) => visible[index] === undefined))
  const shown = candidates
    .filter(({ named }) => named.length > 0 && !named.some((study) => hidden.has(study)))
    .map(({ dataset }) => dataset)
  answerJson(visit, page === undefined ? shown : shown.slice(page.offset, page.offset + page.limit))
}

/** DICOM PS3.18 §8.3.4: `limit` and `offset`, taken out of the question. */
function takePage(query: URLSearchParams): { readonly offset: number; readonly limit: number } {
  const whole = (name: string, otherwise: number): number => {
    const value = query.get(name)
    query.delete(name)
    if (value !== null && !/^\d{1,9}$/.test(value)) throw badRequest(`\`${name}\` is a whole number`)
    return value === null ? otherwise : Number(value)
  }
  return { offset: whole('offset', 0), limit: whole('limit', Number.POSITIVE_INFINITY) }
}

/** No study has this UID; asking for it finds nothing. */
const NO_STUDY = '0.0'

/** Several UIDs are asked for as a list (DICOM PS3.18 §8.3.4.1); what the caller asked for beside them stays. */
function narrow(query: URLSearchParams, own: readonly string[]): void {
  const asked = query.get('StudyInstanceUID') ?? query.get('0020000D')
  const uids = asked === null ? own : asked.split(',').filter((uid) => own.includes(uid))
  query.delete('0020000D')
  query.set('StudyInstanceUID', uids.length === 0 ? NO_STUDY : uids.join(','))
}

function requireDicomJsonAccepted(ctx: AppContext): void {
  const accept = ctx.get('accept').toLowerCase()
  if (accept !== '' && !/application\/(?:dicom\+)?json|application\/\*|\*\/\*/.test(accept)) throw notAcceptable()
}

function answerJson({ ctx, exchange }: Visit, datasets: readonly DicomDataset[]): void {
  ctx.status = 200
  ctx.type = 'application/dicom+json'
  ctx.body = formatDicomJson(datasets, exchange.trust)
}
