import type { Encounter } from '@medplum/fhirtypes'
import { type Chart, reference } from './chart.ts'
import { concept, hl7, icd10, localIdentifier } from './codings.ts'
import { units } from './units.ts'

const CLASSES = {
  IMP: ['inpatient encounter', 'Innlagt'],
  AMB: ['ambulatory', 'Poliklinikk'],
  EMER: ['emergency', 'Øyeblikkelig hjelp'],
} as const

export type Stay = {
  /** Absent for the encounter of today. */
  readonly suffix?: string
  readonly class: keyof typeof CLASSES
  readonly unit: string
  /** Bed or room within the unit. */
  readonly room?: string
  readonly startHoursAgo: number
  /** Absent while it lasts. */
  readonly endHoursAgo?: number
  readonly reason: string
  readonly diagnosis?: { readonly code: string; readonly display: string }
  /** Practitioner reference of whoever is responsible. */
  readonly responsible: string
  readonly department?: string
}

/** Writes a stay or visit and its diagnosis; answers the Encounter's id. */
export function writeStay(chart: Chart, stay: Stay): string {
  const id = stay.suffix === undefined ? chart.patient.encounter : `${chart.patient.encounter}-${stay.suffix}`
  const finished = stay.endHoursAgo !== undefined
  const period = {
    start: chart.at(stay.startHoursAgo),
    ...(stay.endHoursAgo === undefined ? {} : { end: chart.at(stay.endHoursAgo) }),
  }
  const unit = units.find((candidate) => candidate.unit === stay.unit)
  const [display, norwegian] = CLASSES[stay.class]
  const encounter: Encounter = {
    resourceType: 'Encounter',
    identifier: [localIdentifier('opphold', id.slice('enc'.length))],
    status: finished ? 'finished' : 'in-progress',
    class: hl7('v3-ActCode', stay.class, display),
    type: [concept(norwegian)],
    ...(unit ? { serviceType: concept(unit.name) } : {}),
    priority:
      stay.class === 'AMB'
        ? concept('Planlagt', hl7('v3-ActPriority', 'R', 'routine'))
        : concept('Øyeblikkelig hjelp', hl7('v3-ActPriority', 'UR', 'urgent')),
    subject: chart.subject,
    participant: [
      {
        type: [concept('Behandlingsansvarlig', hl7('v3-ParticipationType', 'ATND', 'attender'))],
        individual: reference(stay.responsible),
        period,
      },
    ],
    period,
    reasonCode: [concept(stay.reason)],
    location: [
      { location: reference(`Location/${stay.unit}`, unit?.name), status: finished ? 'completed' : 'active', period },
      ...(stay.room === undefined
        ? []
        : [
            {
              location: reference(`Location/${stay.room}`),
              status: finished ? ('completed' as const) : ('active' as const),
              period,
            },
          ]),
    ],
    serviceProvider: reference(`Organization/${stay.department ?? unit?.department ?? 'aks101'}`),
  }
  chart.add('enc', encounter, id)
  if (stay.diagnosis)
    writeCondition(chart, {
      ...stay.diagnosis,
      sinceDaysAgo: stay.startHoursAgo / 24,
      encounter: id,
      resolved: finished,
    })
  return id
}

export type Diagnosis = {
  readonly code: string
  readonly display: string
  readonly sinceDaysAgo: number
  readonly encounter?: string
  readonly resolved?: boolean
  readonly note?: string
}

/** Writes an ICD-10 diagnosis and answers its reference. */
export function writeCondition(chart: Chart, diagnosis: Diagnosis): string {
  return chart.add('dia', {
    resourceType: 'Condition',
    clinicalStatus: diagnosis.resolved
      ? concept('Avsluttet', hl7('condition-clinical', 'resolved', 'Resolved'))
      : concept('Aktiv', hl7('condition-clinical', 'active', 'Active')),
    verificationStatus: concept('Bekreftet', hl7('condition-ver-status', 'confirmed', 'Confirmed')),
    category: [
      diagnosis.encounter
        ? concept('Kontaktdiagnose', hl7('condition-category', 'encounter-diagnosis', 'Encounter Diagnosis'))
        : concept('Kronisk', hl7('condition-category', 'problem-list-item', 'Problem List Item')),
    ],
    code: concept(diagnosis.display, icd10(diagnosis.code, diagnosis.display)),
    subject: chart.subject,
    ...(diagnosis.encounter ? { encounter: reference(`Encounter/${diagnosis.encounter}`) } : {}),
    onsetDateTime: chart.day(diagnosis.sinceDaysAgo),
    recordedDate: chart.day(diagnosis.sinceDaysAgo),
    ...(diagnosis.note ? { note: [{ text: diagnosis.note }] } : {}),
  })
}
