/** Anything JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export type JsonObject = { readonly [member: string]: Json }

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A FHIR resource as far as the gateway must know it; everything else in it is only carried. */
export type Resource = JsonObject & { readonly resourceType: string }

export const isResource = (value: unknown): value is Resource =>
  isJsonObject(value) && typeof value['resourceType'] === 'string'

/** JSON text to a value; `undefined` when it is not JSON, so that no caller has to catch. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const stringOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** The members of an array that are objects; anything that is no array has none. */
export const objectsOf = (value: unknown): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : []
