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

/**
 * The datasets as text, with our addresses for theirs where an address stands: in attributes of value representation UR, and
 * in links to bulk data. A link to anywhere else behind us is left out: nobody could follow it.
 */
export function formatDicomJson(datasets: readonly DicomDataset[], trust: Trust): string {
  return JSON.stringify(datasets.map((dataset) => withOurAddresses(dataset, trust)))
}

function withOurAddresses(value: JsonObject, trust: Trust): JsonObject {
  const isAddress = value['vr'] === 'UR'
  const rewritten = (item: unknown): unknown => {
    if (isRecord(item)) return withOurAddresses(item, trust)
    return isAddress && typeof item === 'string' ? trust.toOurs(item) : item
  }
  const kept: { [member: string]: unknown } = {}
  for (const [name, member] of Object.entries(value)) {
    if (name !== 'BulkDataURI') kept[name] = Array.isArray(member) ? member.map(rewritten) : rewritten(member)
    else if (typeof member === 'string' && !isStray(member, trust)) kept[name] = trust.toOurs(member)
  }
  return kept
}

const isStray = (link: string, trust: Trust): boolean =>
  /^[a-z][a-z0-9+.-]*:/i.test(link) && trust.toOurs(link) === link
