import { isRecord } from '@uthopp/smart-core/fhir/resource'

export type JsonObject = Readonly<Record<string, unknown>>

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
export const objectsOf = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isRecord) : [])
