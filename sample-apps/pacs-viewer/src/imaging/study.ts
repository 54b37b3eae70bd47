import { conceptText, dateAt, listAt, numberAt, textAt } from '../smart/json.ts'

export type Series = {
  readonly uid: string
  readonly modality: string
  readonly description: string
  readonly instances: number
  /** SNOMED CT code of the part of the body; empty where the archive does not say. */
  readonly bodySite: string
}

export type Study = {
  readonly id: string
  readonly started: Date | undefined
  readonly modality: string
  readonly description: string
  /** DICOM Study Instance UID, without the `urn:oid:` FHIR writes before it. */
  readonly uid: string | undefined
  readonly endpoints: readonly string[]
  readonly series: readonly Series[]
}

/** Reads an R4 ImagingStudy; undefined for anything else. */
export function parseStudy(resource: unknown): Study | undefined {
  const id = textAt(resource, 'id')
  if (textAt(resource, 'resourceType') !== 'ImagingStudy' || !id) return undefined
  const uid = listAt(resource, 'identifier').find((identifier) => textAt(identifier, 'system') === 'urn:dicom:uid')
  const series = listAt(resource, 'series').flatMap(parseSeries)
  const modalities = listAt(resource, 'modality').flatMap((coding) => textAt(coding, 'code') ?? [])
  return {
    id,
    started: dateAt(resource, 'started'),
    modality: modalities.join('/') || series[0]?.modality || '–',
    description:
      textAt(resource, 'description') ?? conceptText(listAt(resource, 'procedureCode')[0]) ?? 'Bildeundersøkelse',
    uid: textAt(uid, 'value')?.replace(/^urn:oid:/, ''),
    endpoints: listAt(resource, 'endpoint').flatMap((reference) => textAt(reference, 'reference') ?? []),
    series,
  }
}

function parseSeries(series: unknown): readonly Series[] {
  const uid = textAt(series, 'uid')
  if (!uid) return []
  return [
    {
      uid,
      modality: textAt(series, 'modality', 'code') ?? '',
      description: textAt(series, 'description') ?? '',
      instances: numberAt(series, 'numberOfInstances') ?? 0,
      bodySite: textAt(series, 'bodySite', 'code') ?? '',
    },
  ]
}

/** Newest first; studies without a date last, in the order they came. */
export function newestFirst(studies: readonly Study[]): readonly Study[] {
  const time = (study: Study): number => study.started?.getTime() ?? Number.NEGATIVE_INFINITY
  return studies.toSorted((a, b) => (time(a) === time(b) ? 0 : time(b) - time(a)))
}

/** The study the launch names, else the newest. */
export function studyToOpen(studies: readonly Study[], contextReferences: readonly string[]): Study | undefined {
  const named = contextReferences.map(
    (reference) => /(?:^|\/)ImagingStudy\/(?<id>[^/]+)/.exec(reference)?.groups?.['id'],
  )
  return studies.find((study) => named.includes(study.id)) ?? newestFirst(studies)[0]
}

/** The series with most images: a localizer of one image is rarely what somebody wants to read. */
export function mainSeries(study: Study): Series | undefined {
  return study.series.toSorted((a, b) => b.instances - a.instances)[0]
}
