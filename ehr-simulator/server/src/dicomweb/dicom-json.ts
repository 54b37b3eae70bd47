import { data, type DicomElement } from 'dcmjs'
import { type HeldInstance, type HeldStudy, instancesOf } from './archive.ts'
import { attributesOf } from './attributes.ts'

/** DICOM JSON Model, PS3.18 annex F. */
type JsonElement = { readonly vr: string; readonly Value?: readonly unknown[] }
export type JsonDataset = Readonly<Record<string, JsonElement>>

export const TAG = {
  modalitiesInStudy: '00080061',
  patientId: '00100020',
  accessionNumber: '00080050',
  studyDate: '00080020',
  modality: '00080060',
  studyUid: '0020000D',
  seriesUid: '0020000E',
  instanceUid: '00080018',
} as const

const STUDY_TAGS = ['00080005', '00080020', '00080030', '00080050', '00080090', '00081030'].concat([
  '00100010',
  '00100020',
  '00100030',
  '00100040',
  '0020000D',
  '00200010',
])
const SERIES_TAGS = [
  '00080005',
  '00080060',
  '00080021',
  '00080031',
  '0008103E',
  '00180015',
  '0020000D',
  '0020000E',
  '00200011',
]
const INSTANCE_TAGS = [
  '00080005',
  '00080016',
  '00080018',
  '0020000D',
  '0020000E',
  '00200013',
  '00280010',
  '00280011',
  '00280100',
]

/** PS3.18 §F.2.3: these are numbers in JSON; DS and IS may be, and viewers expect them so. */
const NUMBERS: ReadonlySet<string> = new Set(['DS', 'FD', 'FL', 'IS', 'SL', 'SS', 'UL', 'US'])

function jsonElement({ vr, Value = [] }: DicomElement): JsonElement {
  const values = Value.filter((value) => value !== '' && value !== undefined)
  if (values.length === 0) return { vr }
  if (vr === 'PN') return { vr, Value: values.map((name) => ({ Alphabetic: String(name) })) }
  return { vr, Value: NUMBERS.has(vr) ? values.map(Number) : values }
}

/** All attributes of an image but its pixels. */
export function metadataOf(instance: HeldInstance): JsonDataset {
  const elements = data.DicomMetaDictionary.denaturalizeDataset({ ...attributesOf(instance), _vrMap: {} })
  return Object.fromEntries(Object.entries(elements).map(([tag, element]) => [tag, jsonElement(element)]))
}

const pick = (dataset: JsonDataset, tags: readonly string[]): JsonDataset =>
  Object.fromEntries(tags.flatMap((tag) => (dataset[tag] ? [[tag, dataset[tag]] as const] : [])))

const count = (value: number): JsonElement => ({ vr: 'IS', Value: [value] })

/** What QIDO-RS tells of a study (PS3.18 §10.6.3.3). */
export function studyAnswer(study: HeldStudy): JsonDataset {
  const [first, ...rest] = instancesOf(study)
  if (!first) return {}
  return {
    ...pick(metadataOf(first), STUDY_TAGS),
    [TAG.modalitiesInStudy]: { vr: 'CS', Value: [study.plan.modality] },
    '00201206': count(study.plan.series.length),
    '00201208': count(rest.length + 1),
  }
}

/** What QIDO-RS tells of each series of a study. */
export const seriesAnswers = (study: HeldStudy): readonly JsonDataset[] =>
  study.plan.series.flatMap((series) => {
    const [first] = instancesOf(study, series.seriesUid)
    return first ? [{ ...pick(metadataOf(first), SERIES_TAGS), '00201209': count(series.instances) }] : []
  })

export const instanceAnswer = (instance: HeldInstance): JsonDataset => pick(metadataOf(instance), INSTANCE_TAGS)
