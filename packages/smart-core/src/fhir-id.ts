import { type ResourceType, isResourceType } from './fhir/resource-types.ts'
import { type Problem, isProblem, problem } from './problem.ts'

declare const fhirId: unique symbol
/** A logical id as FHIR R4 spells it (Datatypes, "id"), never a reference or an address. */
export type FhirId = string & { readonly [fhirId]: true }

/** A relative literal reference, `Type/id`. */
export type Reference = { readonly type: ResourceType; readonly id: FhirId }

const SHAPE = /^[A-Za-z0-9\-.]{1,64}$/

/** Reads an id. `.` and `..` satisfy FHIR's grammar but mean something else in every path, so they are refused. */
export function parseFhirId(text: string): FhirId | Problem {
  if (!SHAPE.test(text)) return problem(text, 'expected 1 to 64 letters, digits, hyphens or dots')
  if (text === '.' || text === '..') return problem(text, 'an id of dots only would walk a path')
  return text as FhirId // SHAPE admits exactly the ids of FHIR R4
}

/** Reads `Type/id`; an absolute, versioned, contained or logical reference is a problem here. */
export function parseReference(text: string): Reference | Problem {
  const slash = text.indexOf('/')
  const type = text.slice(0, slash)
  if (slash < 1 || !isResourceType(type)) return problem(text, 'expected a reference of the form Type/id')
  const id = parseFhirId(text.slice(slash + 1))
  return isProblem(id) ? problem(text, id.reason) : { type, id }
}
