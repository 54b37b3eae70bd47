import type { Location, Organization, Practitioner, PractitionerRole, Reference } from '@medplum/fhirtypes'
import type { ChartSource } from './access/chart-source.ts'
import { nameParts } from './words.ts'

/** Looks names of people and places up once for each answer. */
export type Names = { readonly of: (reference: Reference | undefined) => Promise<string> }

export function createNames(store: ChartSource): Names {
  const known = new Map<string, Promise<string>>()
  const look = async (type: string, id: string): Promise<string> => {
    switch (type) {
      case 'Practitioner': {
        const person = await store.find<Practitioner>('Practitioner', id)
        return person ? Object.values(nameParts(person.name)).filter(Boolean).join(', ') : ''
      }
      case 'PractitionerRole': {
        const role = await store.find<PractitionerRole>('PractitionerRole', id)
        return role?.practitioner ? of(role.practitioner) : ''
      }
      case 'Organization':
        return (await store.find<Organization>('Organization', id))?.name ?? ''
      case 'Location':
        return (await store.find<Location>('Location', id))?.name ?? ''
      default:
        return ''
    }
  }
  const of = (reference: Reference | undefined): Promise<string> => {
    const [type, id] = (reference?.reference ?? '').split('/')
    if (type === undefined || id === undefined) return Promise.resolve(reference?.display ?? '')
    const key = `${type}/${id}`
    const answer = known.get(key) ?? look(type, id).then((found) => found || (reference?.display ?? ''))
    known.set(key, answer)
    return answer
  }
  return { of }
}
