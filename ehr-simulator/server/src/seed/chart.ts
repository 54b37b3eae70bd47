import type { Resource } from '@medplum/fhirtypes'
import type { SeededPatient } from './person.ts'
import { randomFrom } from './random.ts'
import { hoursBefore, instant, osloDay } from './times.ts'

/** Fits every `Reference<…>` of the library's types. */
export type LiteralReference = { reference: string; display?: string }

/** One patient's record while it is being written: every entry gets its id here and lands behind those it refers to. */
export type Chart = {
  readonly patient: SeededPatient
  readonly now: Date
  readonly subject: LiteralReference
  /** The current encounter. */
  readonly encounter: LiteralReference
  readonly resources: readonly Resource[]
  readonly random: () => number
  /** Adds an entry under an id of its own or the next one of its prefix, and answers the literal reference. */
  add(prefix: string, resource: Resource, id?: string): string
  /** An instant so many hours before now. */
  at(hoursAgo: number): string
  /** The Norwegian calendar day so many days before now. */
  day(daysAgo: number): string
}

export function openChart(patient: SeededPatient, now: Date): Chart {
  const resources: Resource[] = []
  const counts = new Map<string, number>()
  const number = patient.patient.slice('cdp'.length)
  const nextId = (prefix: string): string => {
    const count = (counts.get(prefix) ?? 0) + 1
    counts.set(prefix, count)
    return `${prefix}${number}-${count}`
  }
  return {
    patient,
    now,
    subject: { reference: `Patient/${patient.patient}` },
    encounter: { reference: `Encounter/${patient.encounter}` },
    resources,
    random: randomFrom(patient.patient),
    add(prefix, resource, id = nextId(prefix)) {
      resources.push({ ...resource, id })
      return `${resource.resourceType}/${id}`
    },
    at: (hoursAgo) => instant(hoursBefore(now, hoursAgo)),
    day: (daysAgo) => osloDay(hoursBefore(now, daysAgo * 24)),
  }
}

export const reference = (literal: string, display?: string): LiteralReference =>
  display === undefined ? { reference: literal } : { reference: literal, display }

export const profile = (name: string): { profile: string[] } => ({
  profile: [`http://hl7.no/fhir/StructureDefinition/no-basis-${name}`],
})
