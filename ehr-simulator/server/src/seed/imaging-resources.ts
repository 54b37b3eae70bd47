import type { ImagingStudySeries, ServiceRequest } from '@medplum/fhirtypes'
import { type Chart, reference } from './chart.ts'
import { concept, hl7, localIdentifier, snomed } from './codings.ts'
import { instanceUid, type SeriesPlan, studies, type StudyPlan } from './imaging.ts'
import { imagingEndpoint } from './places.ts'
import { clinicHoursAgo, startOf } from './plausible-times.ts'
import { OUS } from './units.ts'

const DCM = 'http://dicom.nema.org/resources/ontology/DCM'
const SOP_CLASSES = { CT: '1.2.840.10008.5.1.4.1.1.2', CR: '1.2.840.10008.5.1.4.1.1.1' } as const
const MODALITY_NAMES = { CT: 'Computed Tomography', CR: 'Computed Radiography' } as const

const modality = (code: StudyPlan['modality']) => ({ system: DCM, code, display: MODALITY_NAMES[code] })

const seriesOf = (plan: SeriesPlan, study: StudyPlan, started: string): ImagingStudySeries => ({
  uid: plan.seriesUid,
  number: plan.number,
  modality: modality(study.modality),
  description: plan.description,
  numberOfInstances: plan.instances,
  bodySite: snomed(plan.bodySite.snomed, plan.bodySite.text),
  started,
  instance: Array.from({ length: plan.instances }, (_, index) => ({
    uid: instanceUid(plan.seriesUid, index + 1),
    sopClass: { system: 'urn:ietf:rfc:3986', code: `urn:oid:${SOP_CLASSES[study.modality]}` },
    number: index + 1,
  })),
})

export type RadiologyAnswer = {
  readonly study: string
  readonly conclusion: string
  readonly requester: string
  readonly radiologist: string
  readonly encounter?: string
  readonly preliminary?: boolean
}

const WEEK = 7 * 24

/** What was taken long ago was taken by appointment; nothing was ordered or taken before the contact it belongs to. */
function timesOf(chart: Chart, { hoursAgo }: StudyPlan, encounter: string) {
  const began = startOf(chart, encounter)
  const taken = hoursAgo < WEEK ? hoursAgo : clinicHoursAgo(chart, hoursAgo, 60)
  const takenHoursAgo = Math.min(taken, began - 0.5)
  return { takenHoursAgo, orderedHoursAgo: Math.min(takenHoursAgo + 1.5, began - 0.1) }
}

/** Writes the order, the study as the archive has it, and the radiologist's answer. */
export function writeImaging(chart: Chart, answer: RadiologyAnswer): string {
  const plan = studies.find(({ study }) => study === answer.study)
  if (plan === undefined || plan.patient !== chart.patient.patient)
    throw new Error('no such study of this patient is planned')
  const encounter = reference(`Encounter/${answer.encounter ?? chart.patient.encounter}`)
  const { orderedHoursAgo, takenHoursAgo } = timesOf(chart, plan, answer.encounter ?? chart.patient.encounter)
  const started = chart.at(takenHoursAgo)
  const accession = {
    use: 'usual' as const,
    type: concept('Undersøkelsesnummer', hl7('v2-0203', 'ACSN', 'Accession ID')),
    ...localIdentifier('accession', plan.accession),
  }
  const radiology = reference(`Organization/${plan.trust === OUS ? 'afa105' : 'afa203'}`)
  const order: ServiceRequest = {
    resourceType: 'ServiceRequest',
    identifier: [accession],
    status: 'completed',
    intent: 'order',
    category: [concept('Bildediagnostikk', snomed('363679005', 'Imaging'))],
    priority: 'urgent',
    code: concept(plan.procedure),
    subject: chart.subject,
    encounter,
    authoredOn: chart.at(orderedHoursAgo),
    requester: reference(answer.requester),
    performer: [radiology],
    reasonCode: [concept(plan.reason)],
  }
  const request = chart.add('bes', order)
  const study = chart.add(
    'img',
    {
      resourceType: 'ImagingStudy',
      identifier: [accession, { system: 'urn:dicom:uid', value: `urn:oid:${plan.studyUid}` }],
      status: 'available',
      modality: [modality(plan.modality)],
      subject: chart.subject,
      encounter,
      started,
      basedOn: [reference(request)],
      referrer: reference(answer.requester),
      interpreter: [reference(answer.radiologist)],
      endpoint: [reference(imagingEndpoint(plan.trust), 'Bildearkiv, DICOMweb')],
      numberOfSeries: plan.series.length,
      numberOfInstances: plan.series.reduce((sum, { instances }) => sum + instances, 0),
      procedureCode: [concept(plan.procedure)],
      reasonCode: [concept(plan.reason)],
      description: plan.procedure,
      series: plan.series.map((series) => seriesOf(series, plan, started)),
    },
    plan.study,
  )
  return chart.add('sva', {
    resourceType: 'DiagnosticReport',
    identifier: [accession],
    basedOn: [reference(request)],
    status: answer.preliminary ? 'preliminary' : 'final',
    category: [concept('Radiologi', hl7('v2-0074', 'RAD', 'Radiology'))],
    code: concept(plan.procedure),
    subject: chart.subject,
    encounter,
    effectiveDateTime: started,
    issued: chart.at(Math.max(0.1, takenHoursAgo - 1)),
    performer: [radiology],
    resultsInterpreter: [reference(answer.radiologist)],
    imagingStudy: [reference(study)],
    conclusion: answer.conclusion,
  })
}
