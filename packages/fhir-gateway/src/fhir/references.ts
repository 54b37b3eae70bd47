import { isRecord } from '@uthopp/smart-core/fhir/resource'

/** Deeper JSON than this is no FHIR resource, and would cost us our stack. */
const DEEPEST = 64

/** False for JSON text nested deeper than any resource; looks at brackets outside strings only. */
export function isShallow(text: string): boolean {
  let depth = 0
  let quoted = false
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charCodeAt(index)
    if (quoted) {
      if (char === 0x5c) index += 1
      else if (char === 0x22) quoted = false
    } else if (char === 0x22) quoted = true
    else if (char === 0x7b || char === 0x5b) {
      depth += 1
      if (depth > DEEPEST) return false
    } else if (char === 0x7d || char === 0x5d) depth -= 1
  }
  return true
}

/** Every literal reference in a resource, wherever it stands: the texts of all `reference` members. */
export function referencesIn(value: unknown, found: Set<string> = new Set()): ReadonlySet<string> {
  if (Array.isArray(value)) for (const item of value) referencesIn(item, found)
  else if (isRecord(value)) {
    for (const [name, member] of Object.entries(value)) {
      if (name === 'reference' && typeof member === 'string') found.add(member)
      else if (typeof member === 'object') referencesIn(member, found)
    }
  }
  return found
}

/** `Type/id` of a literal reference to a resource at one of these bases; `undefined` for every other kind of reference. */
export function localReference(
  reference: string,
  bases: readonly string[],
): { readonly type: string; readonly id: string } | undefined {
  const base = bases.find((known) => reference.startsWith(`${known}/`))
  const relative = base === undefined ? reference : reference.slice(base.length + 1)
  const [, type, id] =
    /^([A-Z][A-Za-z]*)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/.exec(relative) ?? []
  return type === undefined || id === undefined ? undefined : { type, id }
}
