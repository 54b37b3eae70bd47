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

/**
 * Everything in a resource that may point at another: the texts of all `reference` members, and of `url` members, since an
 * Attachment names a Binary by one. The `url` of an extension is a name, not an address.
 */
export function referencesIn(value: unknown, found: Set<string> = new Set(), named = false): ReadonlySet<string> {
  if (Array.isArray(value)) for (const item of value) referencesIn(item, found, named)
  else if (isRecord(value)) {
    for (const [name, member] of Object.entries(value)) {
      const points = name === 'reference' || (name === 'url' && !named)
      if (points && typeof member === 'string') found.add(member)
      else if (typeof member === 'object') referencesIn(member, found, EXTENSIONS.has(name))
    }
  }
  return found
}

const EXTENSIONS = new Set(['extension', 'modifierExtension'])

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Where an address leads once its spelling is set aside. */
function placeOf(url: URL): string {
  const host = LOOPBACK.has(url.hostname) ? 'localhost' : url.hostname
  return `${url.protocol}//${host}:${url.port}${url.pathname}`.toLowerCase()
}

const ABSOLUTE = /^\s*[a-z][a-z0-9+.-]*:/i

/** True when a text leads to this FHIR server, or may: relative or absolute, however it is spelled. */
export const leadsHere = (text: string, bases: readonly string[]): boolean =>
  !ABSOLUTE.test(text) ||
  bases.some((base) => {
    const place = URL.parse(text)
    return place !== null && placeOf(place).startsWith(placeOf(new URL(`${base}/`)))
  })

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
