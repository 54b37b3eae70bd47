import { isRecord } from '@uthopp/smart-core/fhir/resource'
import { upstreamFailed } from '#src/http/refusals.ts'
import { type JsonObject, parseJson, stringOf } from '#src/json.ts'
import type { Trust } from '#src/trust.ts'

/** DICOM PS3.18 Annex F: one object per study, series or instance, attributes by tag. */
export type DicomDataset = JsonObject

const STUDY_INSTANCE_UID = '0020000D'

/** The list a DICOMweb server answers searches and metadata with; nothing at all is an empty one. */
export function parseDicomJson(text: string): readonly DicomDataset[] {
  if (text.trim() === '') return []
  const value = parseJson(text)
  if (!Array.isArray(value) || !value.every(isRecord)) throw upstreamFailed()
  return value
}

/** The study a dataset says it belongs to. */
export function studyUidOf(dataset: DicomDataset): string | undefined {
  const attribute = dataset[STUDY_INSTANCE_UID]
  if (!isRecord(attribute) || !Array.isArray(attribute['Value'])) return undefined
  return stringOf(attribute['Value'][0])
}

/** The datasets as text, with our addresses for theirs. A link to anywhere else behind us is left out: nobody could follow it. */
export function formatDicomJson(datasets: readonly DicomDataset[], trust: Trust): string {
  return trust.toOurs(JSON.stringify(datasets.map((dataset) => withoutStrayLinks(dataset, trust))))
}

function withoutStrayLinks(value: JsonObject, trust: Trust): JsonObject {
  const kept: { [member: string]: unknown } = {}
  for (const [name, member] of Object.entries(value)) {
    if (name === 'BulkDataURI' && isStray(member, trust)) continue
    if (Array.isArray(member))
      kept[name] = member.map((item: unknown) => (isRecord(item) ? withoutStrayLinks(item, trust) : item))
    else kept[name] = isRecord(member) ? withoutStrayLinks(member, trust) : member
  }
  return kept
}

const isStray = (link: unknown, trust: Trust): boolean =>
  typeof link === 'string' && /^[a-z][a-z0-9+.-]*:/i.test(link) && trust.toOurs(link) === link
