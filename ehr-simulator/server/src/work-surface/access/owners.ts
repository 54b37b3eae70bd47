import type { Encounter, Resource as Stored } from '@medplum/fhirtypes'
import { parseReference } from '@uthopp/smart-core/fhir-id'
import { type Origin, originOf } from '@uthopp/smart-core/fhir/origin'
import type { Resource } from '@uthopp/smart-core/fhir/resource'
import { isProblem } from '@uthopp/smart-core/problem'
import type { FhirStore } from '#src/fhir/repository.ts'

/** Where resources come from, with the units of the visits they were made in. */
export type Owners = { readonly of: (resource: Resource) => Promise<Origin> }

/** Looks each visit up once for each answer. */
export function createOwners(store: Pick<FhirStore, 'find' | 'base'>): Owners {
  const visits = new Map<string, Promise<readonly string[]>>()
  const bases = [store.base]
  const look = async (id: string): Promise<readonly string[]> => {
    const visit = await store.find<Encounter>('Encounter', id)
    return visit === undefined ? [] : originOf({ ...visit }, bases).units
  }
  const unitsOf = (visit: string): Promise<readonly string[]> => {
    const known = visits.get(visit) ?? look(visit)
    visits.set(visit, known)
    return known
  }
  return {
    async of(resource) {
      const origin = originOf(resource, bases)
      const units = await Promise.all(origin.encounters.map(unitsOf))
      return { ...origin, units: [...new Set([...origin.units, ...units.flat()])] }
    },
  }
}

/** Whether `Type/id` is kept here and is this patient's; bytes, which name nobody, are whoever's document has them. */
export async function isPatients(
  store: Pick<FhirStore, 'find' | 'base'>,
  item: string,
  patient: string,
): Promise<boolean> {
  const reference = parseReference(item)
  if (isProblem(reference)) return false
  const type = reference.type as Stored['resourceType'] // an R4 type, as was parsed
  const found = await store.find<Stored>(type, reference.id)
  if (found === undefined) return false
  return type === 'Binary' || originOf({ ...found }, [store.base]).patients.ids.some((id) => id === patient)
}
