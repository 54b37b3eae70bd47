import { AccessFailure, failureOf } from '../smart/failure.ts'
import { patiently } from '../smart/patience.ts'
import { readJson, type Session } from '../smart/session.ts'
import { dicomwebAddress } from './dicomweb-address.ts'
import { type Frame, framesOf } from './instances.ts'
import type { Series, Study } from './study.ts'

/** From a study to its pixels: ImagingStudy.endpoint → Endpoint.address → WADO metadata of the series. */
export async function loadFrames(
  session: Session,
  study: Study,
  series: Series,
  signal: AbortSignal,
): Promise<readonly Frame[]> {
  const root = await findRoot(session, study, signal)
  const seriesAddress = `${root}/studies/${encodeURIComponent(study.uid ?? '')}/series/${encodeURIComponent(series.uid)}`
  try {
    const metadata = { url: `${seriesAddress}/metadata`, headers: { accept: 'application/dicom+json' }, signal }
    const instances: unknown = await patiently(() => session.client.request(metadata), signal)
    return framesOf(seriesAddress, instances)
  } catch (error) {
    signal.throwIfAborted()
    throw new AccessFailure(failureOf(error), { cause: error })
  }
}

async function findRoot(session: Session, study: Study, signal: AbortSignal): Promise<string> {
  for (const reference of study.endpoints) {
    const id = /(?:^|\/)Endpoint\/(?<id>[A-Za-z0-9.-]{1,64})$/.exec(reference)?.groups?.['id']
    if (!id) continue
    const root = dicomwebAddress(await readJson(session, `Endpoint/${id}`, signal), session.fhirBase)
    if (root) return root
  }
  throw new AccessFailure({
    kind: 'broken',
    explanation: 'undersøkelsen har ingen bildetjeneste appen kan bruke',
    correlationId: '',
  })
}
