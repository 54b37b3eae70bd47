import type { AllergyIntolerance } from '@medplum/fhirtypes'
import { type Chart, profile, reference } from './chart.ts'
import { concept, hl7, quantity, snomed } from './codings.ts'

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

/** A medicine in use; the code is ATC. */
export const writeMedicine = (
  chart: Chart,
  medicine: {
    readonly name: string
    readonly atc: string
    readonly dosage: string
    readonly sinceDaysAgo: number
    readonly stoppedDaysAgo?: number
  },
): string =>
  chart.add('leg', {
    resourceType: 'MedicationStatement',
    meta: profile('MedicationStatement'),
    status: medicine.stoppedDaysAgo === undefined ? 'active' : 'completed',
    medicationCodeableConcept: concept(medicine.name, {
      system: 'http://www.whocc.no/atc',
      code: medicine.atc,
      display: medicine.name,
    }),
    subject: chart.subject,
    effectivePeriod: {
      start: chart.day(medicine.sinceDaysAgo),
      ...(medicine.stoppedDaysAgo === undefined ? {} : { end: chart.day(medicine.stoppedDaysAgo) }),
    },
    dateAsserted: chart.day(Math.min(1, medicine.sinceDaysAgo)),
    dosage: [{ text: medicine.dosage }],
  })

const DOSE_UNITS = { mg: 'mg', g: 'g', ml: 'mL', IE: '[iU]' } as const

export type Dose = {
  readonly name: string
  readonly atc: string
  readonly amount: readonly [value: number, unit: keyof typeof DOSE_UNITS]
  readonly route: string
  readonly hoursAgo: number
  readonly by: string
}

/** A dose actually given. */
export const giveMedicine = (chart: Chart, { name, atc, amount: [value, unit], route, hoursAgo, by }: Dose): string =>
  chart.add('giv', {
    resourceType: 'MedicationAdministration',
    status: 'completed',
    medicationCodeableConcept: concept(name, { system: 'http://www.whocc.no/atc', code: atc, display: name }),
    subject: chart.subject,
    context: chart.encounter,
    effectiveDateTime: chart.at(hoursAgo),
    performer: [{ actor: reference(by) }],
    dosage: {
      text: `${String(value).replace('.', ',')} ${unit} ${route}`,
      dose: quantity(value, unit, DOSE_UNITS[unit]),
    },
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

/** Asks another discipline for help. */
export const writeReferral = (
  chart: Chart,
  referral: {
    readonly text: string
    readonly reason: string
    readonly hoursAgo: number
    readonly requester: string
    readonly performer: string
    readonly completed?: boolean
    readonly about?: readonly string[]
  },
): string =>
  chart.add('bes', {
    resourceType: 'ServiceRequest',
    status: referral.completed ? 'completed' : 'active',
    intent: 'order',
    category: [concept('Henvisning', snomed('3457005', 'Patient referral'))],
    priority: 'routine',
    code: concept(referral.text),
    subject: chart.subject,
    encounter: chart.encounter,
    authoredOn: chart.at(referral.hoursAgo),
    requester: reference(referral.requester),
    performer: [reference(referral.performer)],
    reasonCode: [concept(referral.reason)],
    ...(referral.about ? { reasonReference: referral.about.map((literal) => reference(literal)) } : {}),
  })

export const writeAppointment = (
  chart: Chart,
  appointment: {
    readonly text: string
    readonly inHours: number
    readonly minutes: number
    readonly unit: string
    readonly with: string
  },
): string =>
  chart.add('opp', {
    resourceType: 'Appointment',
    meta: profile('Appointment'),
    status: 'booked',
    description: appointment.text,
    start: chart.at(-appointment.inHours),
    end: chart.at(-appointment.inHours - appointment.minutes / 60),
    participant: [
      { actor: chart.subject, status: 'accepted' },
      { actor: reference(appointment.with), status: 'accepted' },
      { actor: reference(`Location/${appointment.unit}`), status: 'accepted' },
    ],
  })

export const writeCareTeam = (
  chart: Chart,
  name: string,
  members: readonly (readonly [role: string, member: string])[],
): string =>
  chart.add('tea', {
    resourceType: 'CareTeam',
    status: 'active',
    name,
    subject: chart.subject,
    encounter: chart.encounter,
    participant: members.map(([role, member]) => ({ role: [concept(role)], member: reference(member) })),
  })

export type Activity = {
  readonly text: string
  readonly status: 'not-started' | 'in-progress' | 'completed' | 'scheduled'
}

/** A plan with its goals and activities; answers the plan's reference. */
export function writeCarePlan(
  chart: Chart,
  plan: {
    readonly title: string
    readonly description: string
    readonly daysAgo: number
    readonly author: string
    readonly goals: readonly string[]
    readonly activities: readonly Activity[]
    readonly addresses?: readonly string[]
  },
): string {
  const goals = plan.goals.map((text) =>
    chart.add('mal', {
      resourceType: 'Goal',
      lifecycleStatus: 'active',
      achievementStatus: concept('Pågår', hl7('goal-achievement', 'in-progress', 'In Progress')),
      description: concept(text),
      subject: chart.subject,
      startDate: chart.day(plan.daysAgo),
    }),
  )
  return chart.add('pla', {
    resourceType: 'CarePlan',
    status: 'active',
    intent: 'plan',
    title: plan.title,
    description: plan.description,
    subject: chart.subject,
    encounter: chart.encounter,
    period: { start: chart.day(plan.daysAgo) },
    created: chart.day(plan.daysAgo),
    author: reference(plan.author),
    ...(plan.addresses ? { addresses: plan.addresses.map((literal) => reference(literal)) } : {}),
    goal: goals.map((goal) => reference(goal)),
    activity: plan.activities.map(({ text, status }) => ({ detail: { status, description: text } })),
  })
}
