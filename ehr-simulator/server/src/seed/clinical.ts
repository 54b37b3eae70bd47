import type { AllergyIntolerance } from '@medplum/fhirtypes'
import { type Chart, profile, reference } from './chart.ts'
import { concept, hl7, snomed } from './codings.ts'

export type Allergy = {
  readonly substance: string
  readonly snomedCode: string
  readonly category: 'food' | 'medication' | 'environment' | 'biologic'
  readonly type?: 'allergy' | 'intolerance'
  readonly criticality: 'high' | 'low'
  readonly reaction: string
  readonly severity?: 'mild' | 'moderate' | 'severe'
  readonly sinceDaysAgo: number
}

export function writeAllergy(chart: Chart, allergy: Allergy): string {
  const resource: AllergyIntolerance = {
    resourceType: 'AllergyIntolerance',
    meta: profile('AllergyIntolerance'),
    clinicalStatus: concept('Aktiv', hl7('allergyintolerance-clinical', 'active', 'Active')),
    verificationStatus: concept('Bekreftet', hl7('allergyintolerance-verification', 'confirmed', 'Confirmed')),
    type: allergy.type ?? 'allergy',
    category: [allergy.category],
    criticality: allergy.criticality,
    code: concept(allergy.substance, snomed(allergy.snomedCode, allergy.substance)),
    patient: chart.subject,
    recordedDate: chart.day(allergy.sinceDaysAgo),
    reaction: [
      { manifestation: [concept(allergy.reaction)], ...(allergy.severity ? { severity: allergy.severity } : {}) },
    ],
  }
  return chart.add('all', resource)
}

/** Critical information that must be seen before anything is given (kjernejournal's first category). */
export const writeFlag = (chart: Chart, text: string): string =>
  chart.add('krt', {
    resourceType: 'Flag',
    status: 'active',
    category: [concept('Kritisk informasjon', hl7('flag-category', 'clinical', 'Clinical'))],
    code: concept(text),
    subject: chart.subject,
    period: { start: chart.day(300) },
  })

export const writeProcedure = (
  chart: Chart,
  procedure: { readonly text: string; readonly hoursAgo: number; readonly by: string; readonly encounter?: string },
): string =>
  chart.add('pro', {
    resourceType: 'Procedure',
    status: 'completed',
    code: concept(procedure.text),
    subject: chart.subject,
    encounter: reference(`Encounter/${procedure.encounter ?? chart.patient.encounter}`),
    performedDateTime: chart.at(procedure.hoursAgo),
    performer: [{ actor: reference(procedure.by) }],
  })

/** A message about the patient, such as a critical answer called to the ward. */
export const writeMessage = (
  chart: Chart,
  message: {
    readonly text: string
    readonly hoursAgo: number
    readonly from: string
    readonly to: string
    readonly about?: readonly string[]
    readonly urgent?: boolean
  },
): string =>
  chart.add('mel', {
    resourceType: 'Communication',
    status: 'completed',
    priority: message.urgent ? 'urgent' : 'routine',
    subject: chart.subject,
    encounter: chart.encounter,
    sent: chart.at(message.hoursAgo),
    received: chart.at(Math.max(0, message.hoursAgo - 0.05)),
    sender: reference(message.from),
    recipient: [reference(message.to)],
    ...(message.about ? { about: message.about.map((literal) => reference(literal)) } : {}),
    payload: [{ contentString: message.text }],
  })
