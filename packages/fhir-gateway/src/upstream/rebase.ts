import { isRecord } from '@uthopp/smart-core/fhir/resource'

/** Turns addresses under one base into addresses under another, wherever they stand in a text that is made of addresses. */
export type Rebase = (text: string) => string

/** The same for a resource or Bundle, in the members that hold addresses and nowhere else. */
export type RebaseMembers = (value: unknown) => unknown

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/** What may not follow a base for the text to lie under it: `…/fhirx` is another server than `…/fhir`. */
const BOUNDARY = String.raw`(?![A-Za-z0-9._~%-])`

/** Rewrites addresses from one base to another, in one pass so that nothing is rewritten twice. */
export function rebase(pairs: readonly (readonly [from: string, to: string])[]): Rebase {
  const changing = pairs.filter(([from, to]) => from !== to)
  if (changing.length === 0) return (text) => text
  const targets = new Map(changing)
  const longestFirst = [...targets.keys()].sort((a, b) => b.length - a.length)
  const pattern = new RegExp(`(?:${longestFirst.map(escape).join('|')})${BOUNDARY}`, 'g')
  return (text) => text.replace(pattern, (found) => targets.get(found) ?? found)
}

/** Elements of type uri, url and canonical, as far as they may name resources of this server, and what a Bundle adds to them. */
const ADDRESSES = new Set([
  'address',
  'fullUrl',
  'instantiatesCanonical',
  'instantiatesUri',
  'location',
  'profile',
  'questionnaire',
  'reference',
  'source',
  'system',
  'uri',
  'url',
  'valueCanonical',
  'valueUri',
  'valueUrl',
])

/**
 * Rewrites the addresses in a resource. What people wrote stays as they wrote it, also where it mentions an address: a
 * clinical text is evidence, and a gateway is no author of it.
 */
export function rebaseMembers(toOther: Rebase): RebaseMembers {
  const rewrite = (value: unknown, isAddress: boolean): unknown => {
    if (typeof value === 'string') return isAddress ? toOther(value) : value
    if (Array.isArray(value)) return value.map((item) => rewrite(item, isAddress))
    if (!isRecord(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, rewrite(member, ADDRESSES.has(name))]),
    )
  }
  return (value) => rewrite(value, false)
}
