/** A resource as it arrived: JSON of which nothing but the type is known yet. */
export type Resource = { readonly resourceType: string; readonly [element: string]: unknown }

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isResource(value: unknown): value is Resource {
  return isRecord(value) && typeof value['resourceType'] === 'string'
}

/** Everything standing at an element path, arrays opened on the way. Missing elements yield nothing. */
export function valuesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  const found: unknown[] = []
  collect(value, path, 0, found)
  return found
}

function collect(value: unknown, path: readonly string[], depth: number, found: unknown[]): void {
  if (Array.isArray(value)) {
    // FHIR has no arrays of arrays; opening them would let a hostile body choose our stack depth.
    for (const item of value) if (!Array.isArray(item)) collect(item, path, depth, found)
    return
  }
  const element = path[depth]
  if (element === undefined) {
    if (value !== undefined && value !== null) found.push(value)
    return
  }
  if (isRecord(value) && Object.hasOwn(value, element)) collect(value[element], path, depth + 1, found)
}
