import type { IndexEntries } from './index-entries.ts'
import { isMembers, text } from './members.ts'
import { foldCode } from './token-values.ts'

/** A reference as it is compared: relative to this store where it points into it, and without a version. */
export function normalizeReference(reference: string, bases: readonly string[]): string {
  const own = bases.find((base) => reference.startsWith(`${base}/`))
  const relative = own === undefined ? reference : reference.slice(own.length + 1)
  return relative.replace(/\/_history\/[^/]*$/, '')
}

/** A canonical `url|version` answers to both spellings (R4 references.html#canonical). */
const spellings = (reference: string): readonly string[] => {
  const [url] = reference.split('|')
  return url === undefined || url === reference ? [reference] : [reference, url]
}

export function referencesOf(
  values: readonly unknown[],
  base: string,
): Pick<IndexEntries, 'references' | 'derivedTokens'> {
  const references: string[] = []
  const derivedTokens: IndexEntries['derivedTokens'][number][] = []
  for (const value of values) {
    const reference = isMembers(value) ? text(value['reference']) : text(value)
    if (reference !== undefined && !reference.startsWith('#'))
      references.push(...spellings(normalizeReference(reference, [base])))
    const identifier = isMembers(value) ? value['identifier'] : undefined
    const identifierValue = isMembers(identifier) ? text(identifier['value']) : undefined
    if (isMembers(identifier) && identifierValue !== undefined) {
      derivedTokens.push({
        modifier: 'identifier',
        system: text(identifier['system']) ?? '',
        code: foldCode(identifierValue),
      })
    }
  }
  return { references, derivedTokens }
}
