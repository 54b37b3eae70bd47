import type { Resource } from '@medplum/fhirtypes'
import { resourcesOf } from '#src/seed/seed-trust.ts'
import { AHUS, OUS } from '#src/seed/units.ts'

export const NOW = new Date('2026-11-20T13:07:00Z')
export const HOST = 'http://localhost:4300'

export const seeded: ReadonlyMap<string, readonly Resource[]> = new Map(
  [OUS, AHUS].map((trust) => [trust, resourcesOf(trust, { now: NOW, host: HOST })]),
)

export const all: readonly Resource[] = [...seeded.values()].flat()

/** Resources of one type in a trust, or in both. */
export const ofType = <Type extends Resource['resourceType']>(type: Type, from: readonly Resource[] = all) =>
  from.filter((resource): resource is Extract<Resource, { resourceType: Type }> => resource.resourceType === type)

/** Every literal reference anywhere in a value. */
export function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) =>
    name === 'reference' && typeof member === 'string' ? [member] : referencesIn(member),
  )
}

export const belongsTo = (resource: Resource, patient: string): boolean =>
  resource.id === patient || referencesIn(resource).includes(`Patient/${patient}`)
