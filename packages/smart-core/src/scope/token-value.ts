/** One alternative of a token search value: `code`, `system|code`, `|code` or `system|` (FHIR R4, Search, "token"). */
export type TokenAlternative = {
  /** `null` when no system was named, empty when the code must have none. */
  readonly system: string | null
  /** Empty when any code of the system will do. */
  readonly code: string
}

/** Splits at unescaped commas. An escape is beyond what a scope token may carry, so such a value stays unread. */
export function tokenAlternatives(value: string): readonly TokenAlternative[] | undefined {
  if (value.includes('\\')) return undefined
  const alternatives: TokenAlternative[] = []
  for (const piece of value.split(',')) {
    const bar = piece.indexOf('|')
    const alternative =
      bar < 0 ? { system: null, code: piece } : { system: piece.slice(0, bar), code: piece.slice(bar + 1) }
    // An empty alternative would match everything or nothing; neither is meant.
    if (alternative.code === '' && (alternative.system ?? '') === '') return undefined
    alternatives.push(alternative)
  }
  return alternatives
}

/** True when everything that meets `narrow` also meets `wide`. */
export function alternativeImplies(narrow: TokenAlternative, wide: TokenAlternative): boolean {
  const codeFits = wide.code === narrow.code || (wide.code === '' && wide.system === narrow.system)
  return codeFits && (wide.system === null || wide.system === narrow.system)
}
