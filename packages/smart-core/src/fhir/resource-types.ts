import types from '../r4/resource-types.json' with { type: 'json' }

declare const resourceType: unique symbol
/** The name of an R4 resource type that can be addressed on a FHIR base. */
export type ResourceType = string & { readonly [resourceType]: true }

const KNOWN: ReadonlySet<string> = new Set(types)
const BY_LOWER_CASE: ReadonlyMap<string, string> = new Map(types.map((type) => [type.toLowerCase(), type]))

export function isResourceType(text: string): text is ResourceType {
  return KNOWN.has(text)
}

/** Launch scopes spell types in lower case (SMART App Launch 2.2.0, "launch/[resource type]"). */
export function resourceTypeOfLowerCase(text: string): ResourceType | undefined {
  return BY_LOWER_CASE.get(text) as ResourceType | undefined // the map holds known types only
}
