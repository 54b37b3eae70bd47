import type { CodeSystem, CodeSystemConcept, ValueSet } from '@medplum/fhirtypes'

const codesOf = (concepts: readonly CodeSystemConcept[]): readonly string[] =>
  concepts.flatMap((concept) => [concept.code ?? '', ...codesOf(concept.concept ?? [])]).filter((code) => code !== '')

/** Every code of a value set, or undefined when it cannot be listed from the definitions alone (filters, outside systems such as BCP 47). */
export function expandValueSet(
  url: string,
  valueSets: ReadonlyMap<string, ValueSet>,
  codeSystems: ReadonlyMap<string, CodeSystem>,
): readonly string[] | undefined {
  const valueSet = valueSets.get(url)
  const included = valueSet?.compose?.include
  if (!included || valueSet.compose?.exclude) return undefined
  const codes = new Set<string>()
  for (const part of included) {
    if (part.filter) return undefined
    for (const other of part.valueSet ?? []) {
      const nested = expandValueSet(other.split('|')[0] ?? other, valueSets, codeSystems)
      if (!nested) return undefined
      for (const code of nested) codes.add(code)
    }
    if (part.concept) {
      for (const concept of part.concept) if (concept.code) codes.add(concept.code)
    } else if (part.system) {
      const system = codeSystems.get(part.system)
      if (!system?.concept || system.content !== 'complete') return undefined
      for (const code of codesOf(system.concept)) codes.add(code)
    }
  }
  return codes.size > 0 ? [...codes] : undefined
}
