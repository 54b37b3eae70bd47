import { type Chart, profile, reference } from './chart.ts'
import { concept, hl7, snomed } from './codings.ts'
import { clinicHoursAgo } from './plausible-times.ts'

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
): string => {
  const start = clinicHoursAgo(chart, -appointment.inHours, appointment.minutes)
  return chart.add('opp', {
    resourceType: 'Appointment',
    meta: profile('Appointment'),
    status: 'booked',
    description: appointment.text,
    start: chart.at(start),
    end: chart.at(start - appointment.minutes / 60),
    participant: [
      { actor: chart.subject, status: 'accepted' },
      { actor: reference(appointment.with), status: 'accepted' },
      { actor: reference(`Location/${appointment.unit}`), status: 'accepted' },
    ],
  })
}

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
