import { problem, type Problem } from '@uthopp/smart-core/problem'
import { type JsonDataset, TAG } from './dicom-json.ts'

/** A QIDO-RS query: what must match, and which page of it. */
export type ImagingQuery = {
  readonly matches: readonly (readonly [tag: string, value: string])[]
  readonly limit: number
  readonly offset: number
}

/** Attributes one may match on, by keyword and by tag (PS3.18 §8.3.4.1). */
const MATCHABLE: ReadonlyMap<string, string> = new Map(
  (
    [
      ['PatientID', TAG.patientId],
      ['StudyInstanceUID', TAG.studyUid],
      ['SeriesInstanceUID', TAG.seriesUid],
      ['SOPInstanceUID', TAG.instanceUid],
      ['AccessionNumber', TAG.accessionNumber],
      ['ModalitiesInStudy', TAG.modalitiesInStudy],
      ['Modality', TAG.modality],
      ['StudyDate', TAG.studyDate],
    ] as const
  ).flatMap(([keyword, tag]) => [
    [keyword, tag],
    [tag, tag],
  ]),
)
const MOST = 200

const wholeNumber = (text: string): number | undefined => (/^\d{1,6}$/.test(text) ? Number(text) : undefined)

/**
 * Reads the query of a search.
 *
 * A parameter we cannot match on is refused instead of ignored: ignoring one would answer more than was asked for.
 */
export function parseImagingQuery(query: string): ImagingQuery | Problem {
  const matches: (readonly [string, string])[] = []
  let limit = MOST
  let offset = 0
  for (const [name, value] of new URLSearchParams(query)) {
    const tag = MATCHABLE.get(name)
    if (tag !== undefined) {
      if (value !== '' && value !== '*') matches.push([tag, value])
    } else if (name === 'limit' || name === 'offset') {
      const number = wholeNumber(value)
      if (number === undefined) return problem(value, `\`${name}\` is not a whole number`)
      if (name === 'limit') limit = Math.min(MOST, number)
      else offset = number
    } else if (name !== 'includefield' && name !== 'fuzzymatching') {
      return problem(name, 'a search parameter this archive does not match on')
    }
  }
  return { matches, limit, offset }
}

const RANGE = /^(?<from>\d{8})?-(?<to>\d{8})?$/

function valueMatches(tag: string, held: readonly unknown[], wanted: string): boolean {
  const range = tag === TAG.studyDate ? RANGE.exec(wanted)?.groups : undefined
  return held.some((value) => {
    const text = String(value)
    if (range) return text >= (range['from'] ?? '') && text <= (range['to'] ?? '99999999')
    // A list of UIDs matches any of them (PS3.4 §C.2.2.2.2); other values match whole.
    return wanted.split(/[,\\]/).includes(text)
  })
}

/** The datasets that meet every condition, one page of them. */
export function matching(
  datasets: readonly JsonDataset[],
  { matches, limit, offset }: ImagingQuery,
): readonly JsonDataset[] {
  return datasets
    .filter((dataset) => matches.every(([tag, wanted]) => valueMatches(tag, dataset[tag]?.Value ?? [], wanted)))
    .slice(offset, offset + limit)
}
