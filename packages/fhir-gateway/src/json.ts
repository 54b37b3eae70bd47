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

/** False where something is no text: NUL, or half a surrogate pair (RFC 8259 §8.2). Stores differ in what they make of it. */
export function holdsOnlyText(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  if (Array.isArray(value)) return value.every(holdsOnlyText)
  return !isRecord(value) || Object.entries(value).every((pair) => pair.every(holdsOnlyText))
}
