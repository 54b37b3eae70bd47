import table from '../r4/search-parameters.json' with { type: 'json' }
import { type ResourceType, isResourceType } from './resource-types.ts'

/** What R4 says about a search parameter, as far as deciding needs it. */
export type SearchParameter = {
  readonly type: string
  /** For references: the types it may point at, `*` for any. */
  readonly targets: readonly string[]
  /** For tokens: paths of the elements it reads; empty when only a FHIRPath engine could follow it. */
  readonly paths: readonly (readonly string[])[]
}

const TABLE: Readonly<Record<string, Readonly<Record<string, string>>>> = table

/** Parameters every resource type has (FHIR R4, Search, "Parameters for all resources"). */
const COMMON: Readonly<Record<string, string>> = {
  _content: 'string',
  _id: 'token id',
  _lastUpdated: 'date',
  _profile: 'uri',
  _security: 'token meta.security',
  _source: 'uri',
  _tag: 'token meta.tag',
  _text: 'string',
}

const parsed = new Map<string, SearchParameter>()

/** Finds a parameter of a type; `*` finds only what all types share. */
export function findSearchParameter(type: string, name: string): SearchParameter | undefined {
  const key = `${type}?${name}`
  const known = parsed.get(key)
  if (known !== undefined) return known
  const row = isResourceType(type) ? TABLE[type] : undefined
  const text = ownText(row, name) ?? ownText(COMMON, name)
  if (text === undefined) return undefined
  const [kind = '', ...rest] = text.split(' ')
  const parameter = {
    type: kind,
    targets: kind === 'reference' ? rest : [],
    paths: kind === 'token' ? rest.map((path) => path.split('.')) : [],
  }
  // Only names the standard knows get here, so the memory is bounded by the table.
  parsed.set(key, parameter)
  return parameter
}

/** `constructor` and `__proto__` are not search parameters. */
function ownText(row: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  return row !== undefined && Object.hasOwn(row, name) ? row[name] : undefined
}

/** The types a reference parameter may point at, or undefined when it may point anywhere. */
export function targetTypes(parameter: SearchParameter): readonly ResourceType[] | undefined {
  return parameter.targets.includes('*') ? undefined : parameter.targets.filter(isResourceType)
}
