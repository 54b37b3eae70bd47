import type { Binary, DiagnosticReport, DocumentReference, ImagingStudy } from '@medplum/fhirtypes'
import type { ChartSource } from './access/chart-source.ts'
import type { Names } from './names.ts'
import { hasCode, idIn, instantOf, newestFirst, wordOf } from './words.ts'

/** Newest first: notes and letters with their text, and answers of examinations that are text in themselves. */
export async function readDocuments(store: ChartSource, patient: string, names: Names) {
  const [documents, reports] = await Promise.all([
    store.findAll<DocumentReference>(`DocumentReference?patient=${patient}&_sort=-date&_count=100`),
    readReports(store, patient),
  ])
  const faces = await Promise.all([
    ...documents.filter(({ status }) => status === 'current').map((document) => documentFace(store, document, names)),
    ...reports.filter(({ conclusion }) => conclusion !== undefined).map((report) => reportFace(report, names)),
  ])
  return faces.flatMap(({ at, ...rest }) => (at === null ? [] : [{ at, ...rest }])).sort(newestFirst(({ at }) => at))
}

const readReports = (store: ChartSource, patient: string) =>
  store.findAll<DiagnosticReport>(`DiagnosticReport?patient=${patient}&_sort=-date&_count=100`)

async function documentFace(store: ChartSource, document: DocumentReference & { id: string }, names: Names) {
  const attachment = document.content[0]?.attachment
  const title = attachment?.title ?? document.description ?? wordOf(document.type)
  const text = attachment?.contentType?.startsWith('text/plain') ? await readText(store, attachment) : ''
  return {
    id: document.id,
    title,
    type: wordOf(document.type),
    at: instantOf(document.date ?? attachment?.creation),
    author: await names.of(document.author?.[0]),
    // Many notes begin with their own title, which stands above them already.
    body: (text.startsWith(`${title}\n`) ? text.slice(title.length) : text).trim(),
  }
}

async function readText(store: ChartSource, attachment: { data?: string; url?: string }): Promise<string> {
  const id = idIn({ reference: attachment.url ?? '' }, 'Binary')
  const data = attachment.data ?? (id === undefined ? undefined : (await store.find<Binary>('Binary', id))?.data)
  return data === undefined ? '' : Buffer.from(data, 'base64').toString('utf8')
}

async function reportFace(report: DiagnosticReport & { id: string }, names: Names) {
  return {
    id: report.id,
    title: wordOf(report.code),
    type: wordOf(report.category?.[0]) || 'Svar',
    at: instantOf(report.issued ?? report.effectiveDateTime),
    author: await names.of(report.resultsInterpreter?.[0] ?? report.performer?.[0]),
    body: report.conclusion ?? '',
  }
}

/** Imaging studies with what the radiologist concluded. */
export async function readImaging(store: ChartSource, patient: string) {
  const [studies, reports] = await Promise.all([
    store.findAll<ImagingStudy>(`ImagingStudy?patient=${patient}&_sort=-started&_count=100`),
    readReports(store, patient),
  ])
  return studies.flatMap((study) => {
    const at = instantOf(study.started)
    if (at === null || study.status === 'cancelled' || study.status === 'entered-in-error') return []
    const report = reports.find(
      ({ imagingStudy, category }) =>
        category?.some((concept) => hasCode(concept, ['RAD'])) &&
        imagingStudy?.some((reference) => idIn(reference, 'ImagingStudy') === study.id),
    )
    return [
      {
        id: study.id,
        title: study.description ?? wordOf(study.procedureCode?.[0]),
        modality: study.modality?.[0]?.code ?? '',
        at,
        images: study.numberOfInstances ?? null,
        conclusion: report?.conclusion ?? null,
      },
    ]
  })
}
