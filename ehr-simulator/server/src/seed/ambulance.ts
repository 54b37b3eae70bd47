import type { CodeableConcept, Encounter, Resource } from '@medplum/fhirtypes'
import { type Chart, reference } from './chart.ts'
import { concept, hl7, localIdentifier, snomed } from './codings.ts'
import { hoursBefore, instant } from './times.ts'
import { OUS, type TrustNumber } from './units.ts'

/** How urgent, in the words and order of Norwegian ambulances. */
const URGENCY = {
  red: ['EM', 'emergency', 'Akutt (rød)'],
  yellow: ['UR', 'urgent', 'Haster (gul)'],
  green: ['R', 'routine', 'Vanlig (grønn)'],
} as const

/** An ambulance on its way to an emergency department. Nothing in it names the patient: the list is read without one. */
export type Transport = {
  readonly vehicle: string
  readonly callSign: string
  readonly incident: string
  /** Where the patient is to be received: a room, and the unit it lies in. */
  readonly room: string
  readonly urgency: keyof typeof URGENCY
  /** Sex and age as reported, such as "Mann, 75 år". */
  readonly who: string
  readonly problem: string
  readonly news2: number
  readonly alarmedMinutesAgo: number
  readonly etaMinutes: number
}

const SCORE = snomed('1104051000000101', 'NEWS2')
const reportedScore = (total: number): CodeableConcept => concept(`NEWS2 ${total}`, SCORE)
const isScore = ({ coding }: CodeableConcept): boolean => coding?.some(({ code }) => code === SCORE.code) ?? false

/** The transport with its latest score, and whether that is news. */
export function withScore(transport: Encounter, total: number): Encounter | 'unchanged' {
  const score = reportedScore(total)
  const reasons = transport.reasonCode ?? []
  if (reasons.find(isScore)?.text === score.text) return 'unchanged'
  return { ...transport, reasonCode: [...reasons.filter((reason) => !isScore(reason)), score] }
}

const minutesBefore = (now: Date, minutes: number): string => instant(hoursBefore(now, minutes / 60))

function transportEncounter(trust: TrustNumber, now: Date, transport: Transport): Encounter {
  const [code, display, text] = URGENCY[transport.urgency]
  const left = minutesBefore(now, transport.alarmedMinutesAgo - 4)
  return {
    resourceType: 'Encounter',
    identifier: [localIdentifier('amis', transport.incident)],
    status: 'in-progress',
    class: hl7('v3-ActCode', 'EMER', 'emergency'),
    type: [concept('Ambulanseoppdrag')],
    priority: concept(text, hl7('v3-ActPriority', code, display)),
    subject: { display: transport.who },
    period: { start: minutesBefore(now, transport.alarmedMinutesAgo) },
    reasonCode: [concept(transport.problem), reportedScore(transport.news2)],
    location: [
      {
        location: reference(`Location/${transport.vehicle}`, `Ambulanse ${transport.callSign}`),
        status: 'active',
        period: { start: left },
      },
      {
        location: reference(`Location/${transport.room}`),
        status: 'planned',
        // The estimated time of arrival: a planned location starts when the patient is there.
        period: { start: minutesBefore(now, -transport.etaMinutes) },
      },
    ],
    serviceProvider: reference(trust === OUS ? 'Organization/afa107' : 'Organization/afa205'),
  }
}

/** The transport of a patient who is identified: the reference is there for those who may follow it, the display names nobody. */
export function writeTransport(chart: Chart, transport: Transport): void {
  const encounter = transportEncounter(chart.patient.trust, chart.now, transport)
  chart.add('enc', { ...encounter, subject: { ...encounter.subject, ...chart.subject } }, chart.patient.encounter)
}

const unknown: Readonly<Record<TrustNumber, readonly (readonly [id: string, transport: Transport])[]>> = {
  [OUS]: [
    [
      'enc1901',
      {
        vehicle: 'lok153',
        callSign: 'A-131',
        incident: '2609914',
        room: 'lok162',
        urgency: 'yellow',
        who: 'Ukjent mann, ca. 60 år',
        problem: 'Plutselig talevansker, hjerneslag?',
        news2: 4,
        alarmedMinutesAgo: 18,
        etaMinutes: 11,
      },
    ],
    [
      'enc1902',
      {
        vehicle: 'lok154',
        callSign: 'A-256',
        incident: '2609921',
        room: 'lok169',
        urgency: 'green',
        who: 'Kvinne, 34 år',
        problem: 'Ankelbrudd etter fall',
        news2: 1,
        alarmedMinutesAgo: 31,
        etaMinutes: 26,
      },
    ],
  ],
  '983971636': [
    [
      'enc2901',
      {
        vehicle: 'lok252',
        callSign: 'A-342',
        incident: '2671120',
        room: 'lok262',
        urgency: 'yellow',
        who: 'Kvinne, 71 år',
        problem: 'Tungpust, kjent hjertesvikt',
        news2: 6,
        alarmedMinutesAgo: 22,
        etaMinutes: 14,
      },
    ],
    [
      'enc2902',
      {
        vehicle: 'lok253',
        callSign: 'A-305',
        incident: '2671125',
        room: 'lok266',
        urgency: 'green',
        who: 'Mann, 19 år',
        problem: 'Magesmerter',
        news2: 1,
        alarmedMinutesAgo: 35,
        etaMinutes: 29,
      },
    ],
  ],
}

/** Ambulances whose patients no record is known of yet. */
export const unknownTransportsOf = (trust: TrustNumber, now: Date): readonly Resource[] =>
  unknown[trust].map(([id, transport]) => ({ ...transportEncounter(trust, now, transport), id }))
