/** A JSON object whose members nobody has looked at yet. */
export type Json = { readonly [member: string]: unknown }

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Follows member names and list positions; anything missing or of another shape is undefined. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here: unknown = value
  for (const step of path) {
    if (typeof step === 'number') here = Array.isArray(here) ? here[step] : undefined
    else here = isJson(here) && Object.hasOwn(here, step) ? here[step] : undefined
  }
  return here
}

export function textAt(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = at(value, ...path)
  return typeof found === 'string' && found !== '' ? found : undefined
}

export function numberAt(value: unknown, ...path: readonly (string | number)[]): number | undefined {
  const found = at(value, ...path)
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined
}

export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path)
  return Array.isArray(found) ? found : []
}

/** The instant of a FHIR dateTime or instant; undefined where it says no time or nothing sensible. */
export function dateAt(value: unknown, ...path: readonly (string | number)[]): Date | undefined {
  const text = textAt(value, ...path)
  const date = text === undefined ? undefined : new Date(text)
  return date && Number.isFinite(date.getTime()) ? date : undefined
}

/** What a person reads of a CodeableConcept. */
export const conceptText = (concept: unknown): string | undefined =>
  textAt(concept, 'text') ?? textAt(concept, 'coding', 0, 'display') ?? textAt(concept, 'coding', 0, 'code')
