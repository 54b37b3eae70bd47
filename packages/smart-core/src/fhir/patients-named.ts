import { type FhirId, parseFhirId } from '../fhir-id.ts'
import { isProblem } from '../problem.ts'
import { findSearchParameter } from './search-parameters.ts'
import type { SearchParam, SearchQuery, Touch } from './search-query.ts'

export type PatientsNamed = {
  readonly ids: readonly FhirId[]
  /** Some value may mean a patient we cannot identify: `:not`, `:missing`, `:identifier`, an address elsewhere. */
  readonly unclear: boolean
}

/**
 * The patients a search names, in any parameter and at the end of any chain.
 *
 * A bare id counts wherever the parameter may point at a Patient: the client can write `Practitioner/1` to be clear.
 * `bases` are the addresses under which this server's own resources may be referred to absolutely.
 */
export function patientsNamed(search: SearchQuery, bases: readonly string[] = []): PatientsNamed {
  const ids: FhirId[] = []
  let unclear = false
  for (const param of search.params) {
    const place = placeOfPatients(param)
    if (place === 'none') continue
    if (param.modifier !== null && param.modifier !== 'Patient') {
      unclear = true
      continue
    }
    for (const value of param.value.split(',')) {
      const id = patientIn(value, place, bases)
      if (id === 'unclear') unclear = true
      else if (id !== 'none') ids.push(id)
    }
  }
  return { ids, unclear }
}

type Place = 'none' | 'id' | 'reference'

function placeOfPatients(param: SearchParam): Place {
  // A type as modifier that is not Patient says that no patient is meant.
  if (param.modifier !== null && param.modifier !== 'Patient' && /^[A-Z]/.test(param.modifier)) return 'none'
  const places = param.compares.map(placeAt)
  return places.find((place) => place !== 'none') ?? 'none'
}

function placeAt({ type, param }: Touch): Place {
  if (type === 'Patient' && param === '_id') return 'id'
  const parameter = findSearchParameter(type, param)
  const mayBePatient = parameter?.targets.some((target) => target === 'Patient' || target === '*') ?? false
  return mayBePatient ? 'reference' : 'none'
}

function patientIn(
  value: string,
  place: Exclude<Place, 'none'>,
  bases: readonly string[],
): FhirId | 'none' | 'unclear' {
  const base = bases.find((known) => value.startsWith(`${known}/`))
  const local = base === undefined ? value : value.slice(base.length + 1)
  const slash = local.indexOf('/')
  if (place === 'id' || slash < 0) return idOr(local, 'unclear')
  if (/^[A-Z][A-Za-z]*$/.test(local.slice(0, slash)))
    return local.startsWith('Patient/') ? idOr(local.slice(slash + 1), 'unclear') : 'none'
  return 'unclear'
}

function idOr<T>(text: string, otherwise: T): FhirId | T {
  const id = parseFhirId(text)
  return isProblem(id) ? otherwise : id
}
