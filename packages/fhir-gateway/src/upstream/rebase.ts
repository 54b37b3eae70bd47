/** Turns addresses under one base into addresses under another, wherever they stand in a text. */
export type Rebase = (text: string) => string

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/** What may not follow a base for the text to lie under it: `…/fhirx` is another server than `…/fhir`. */
const BOUNDARY = String.raw`(?![A-Za-z0-9._~%-])`

/**
 * Rewrites addresses from one base to another, in one pass so that nothing is rewritten twice.
 *
 * Works on serialised JSON as on a single string: `JSON.stringify` escapes nothing that an address holds.
 */
export function rebase(pairs: readonly (readonly [from: string, to: string])[]): Rebase {
  const changing = pairs.filter(([from, to]) => from !== to)
  if (changing.length === 0) return (text) => text
  const targets = new Map(changing)
  const longestFirst = [...targets.keys()].sort((a, b) => b.length - a.length)
  const pattern = new RegExp(`(?:${longestFirst.map(escape).join('|')})${BOUNDARY}`, 'g')
  return (text) => text.replace(pattern, (found) => targets.get(found) ?? found)
}
