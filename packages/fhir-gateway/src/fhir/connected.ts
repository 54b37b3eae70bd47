import { isResource } from '@uthopp/smart-core/fhir/resource'
import { type JsonObject, stringOf } from '#src/json.ts'
import { localReference, referencesIn } from './references.ts'
import { isMatch } from './search-review.ts'

/**
 * Without what came along with nothing that is shown: a resource included for the sake of a hidden match would tell of it.
 * What came along may itself have brought something (`:iterate`), in either direction.
 */
export function connected(entries: readonly JsonObject[], bases: readonly string[]): readonly JsonObject[] {
  const named = entries.map((entry) => ({ entry, name: nameIn(entry), refers: namesReferredTo(entry, bases) }))
  const kept = new Set(named.filter(({ entry }) => isMatch(entry)))
  for (let grown = -1; grown < kept.size; ) {
    grown = kept.size
    const names = new Set([...kept].map(({ name }) => name))
    const referred = new Set([...kept].flatMap(({ refers }) => refers))
    for (const one of named) if (referred.has(one.name) || one.refers.some((name) => names.has(name))) kept.add(one)
  }
  return named.filter((one) => kept.has(one)).map(({ entry }) => entry)
}

/**
 * Matches as they come, and then, once each, what came along with them.
 *
 * How often something came along, and between which matches, tells of pages gone through for hidden matches; so does the order
 * in which it came, since they brought some of it.
 */
export function inOrder(entries: readonly JsonObject[]): readonly JsonObject[] {
  const along = new Map(entries.filter((entry) => !isMatch(entry)).map((entry) => [nameIn(entry), entry]))
  const sorted = [...along].toSorted(([one], [other]) => (one < other ? -1 : 1))
  return [...entries.filter(isMatch), ...sorted.map(([, entry]) => entry)]
}

const nameIn = ({ resource }: JsonObject): string =>
  isResource(resource) ? `${resource.resourceType}/${stringOf(resource['id']) ?? ''}` : ''

const namesReferredTo = ({ resource }: JsonObject, bases: readonly string[]): readonly string[] =>
  [...referencesIn(resource)].flatMap((reference) => {
    const target = localReference(reference, bases)
    return target === undefined ? [] : [`${target.type}/${target.id}`]
  })
