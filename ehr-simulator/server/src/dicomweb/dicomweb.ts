import { Buffer } from 'node:buffer'
import { Router, type RouterContext } from '@koa/router'
import type { AppState } from '@uthopp/server-kit/http-app'
import { accept, refuse } from '@uthopp/server-kit/refusal'
import type { FhirStore } from '#src/fhir/repository.ts'
import { findStudy, type HeldInstance, type HeldStudy, heldStudies, instancesOf } from './archive.ts'
import { instanceAnswer, type JsonDataset, metadataOf, seriesAnswers, studyAnswer } from './dicom-json.ts'
import { matching, parseImagingQuery } from './matching.ts'
import { acceptsParts, multipartRelated } from './multipart.ts'
import { fileOf, TRANSFER_SYNTAX } from './part-ten.ts'
import { createPixelCache } from './pixel-cache.ts'

export type DicomwebDeps = {
  /** Says which studies there are and when they were taken. */
  readonly store: FhirStore
  readonly orgnr: string
}

type Context = RouterContext<AppState>

/** Two chest stacks and some films. */
const CACHED_BYTES = 48 * 2 ** 20

const STUDY = '/studies/:study'
const SERIES = `${STUDY}/series/:series`
const INSTANCE = `${SERIES}/instances/:instance`

const missing = () => refuse(404, 'not_found', 'the archive has no such study, series or image')

function sendJson(ctx: Context, datasets: readonly JsonDataset[]): void {
  ctx.body = JSON.stringify(datasets)
  ctx.type = 'application/dicom+json'
}

const search = (ctx: Context, datasets: readonly JsonDataset[]): void =>
  sendJson(ctx, matching(datasets, accept(parseImagingQuery(ctx.querystring))))

/**
 * The imaging archive of one trust: QIDO-RS and WADO-RS (DICOM PS3.18 §10) over images that are drawn when asked for.
 *
 * Paths are relative to where it is mounted. It asks nobody who they are: whoever mounts it puts a guard in front.
 */
export function createDicomweb({ store, orgnr }: DicomwebDeps): Router<AppState> {
  const router = new Router<AppState>()
  const pixels = createPixelCache(CACHED_BYTES)

  const requireStudy = async (ctx: Context): Promise<HeldStudy> =>
    (await findStudy(store, orgnr, ctx.params['study'] ?? '')) ?? missing()
  const requireInstances = async (ctx: Context): Promise<readonly [HeldInstance, ...HeldInstance[]]> => {
    const [first, ...rest] = instancesOf(await requireStudy(ctx), ctx.params['series'], ctx.params['instance'])
    return first ? [first, ...rest] : missing()
  }
  const metadata = async (ctx: Context): Promise<void> => sendJson(ctx, (await requireInstances(ctx)).map(metadataOf))
  const files = async (ctx: Context): Promise<void> => {
    const instances = await requireInstances(ctx)
    if (!acceptsParts(ctx.get('accept'), 'application/dicom', TRANSFER_SYNTAX))
      refuse(406, 'not_acceptable', 'images come as multipart/related of application/dicom, explicit VR little endian')
    const parts = instances.map((instance) => () => new Uint8Array(fileOf(instance, pixels(instance))))
    const { contentType, body } = multipartRelated('application/dicom', TRANSFER_SYNTAX, parts)
    ctx.body = body
    ctx.set('content-type', contentType)
  }

  router.get('/studies', async (ctx) => search(ctx, (await heldStudies(store, orgnr)).map(studyAnswer)))
  router.get(`${STUDY}/series`, async (ctx) => search(ctx, seriesAnswers(await requireStudy(ctx))))
  router.get(`${STUDY}/instances`, async (ctx) => search(ctx, (await requireInstances(ctx)).map(instanceAnswer)))
  router.get(`${SERIES}/instances`, async (ctx) => search(ctx, (await requireInstances(ctx)).map(instanceAnswer)))

  router.get(`${STUDY}/metadata`, metadata)
  router.get(`${SERIES}/metadata`, metadata)
  router.get(`${INSTANCE}/metadata`, metadata)
  router.get(STUDY, files)
  router.get(SERIES, files)
  router.get(INSTANCE, files)

  router.get(`${INSTANCE}/frames/:frames`, async (ctx) => {
    const [instance] = await requireInstances(ctx)
    if (ctx.params['frames'] !== '1') refuse(404, 'not_found', 'every image of this archive has one frame, number 1')
    if (!acceptsParts(ctx.get('accept'), 'application/octet-stream', TRANSFER_SYNTAX))
      refuse(406, 'not_acceptable', 'frames come as multipart/related of application/octet-stream, uncompressed')
    const { contentType, body } = multipartRelated('application/octet-stream', TRANSFER_SYNTAX, [
      () => Buffer.from(pixels(instance).buffer),
    ])
    ctx.body = body
    ctx.set('content-type', contentType)
  })
  return router
}
