import { type InternalSchemaElement, OperationOutcomeError, tryGetDataType, validateResource } from '@medplum/core'
import type { OperationOutcomeIssue, Resource } from '@medplum/fhirtypes'
import { loadDefinitions } from './definitions/load-definitions.ts'
import { isMembers, list, text } from './index/members.ts'

let codeSets: ReadonlyMap<string, ReadonlySet<string>> | undefined

function codesFor(element: InternalSchemaElement): ReadonlySet<string> | undefined {
  const valueSet = element.binding?.strength === 'required' ? element.binding.valueSet?.split('|')[0] : undefined
  if (valueSet === undefined) return undefined
  codeSets ??= new Map(Object.entries(loadDefinitions().requiredCodes).map(([url, codes]) => [url, new Set(codes)]))
  return codeSets.get(valueSet)
}

/** The codes a bound element carries: itself, its coding's, or all of its codings' (then one from the set is enough). */
function acceptable(value: unknown, codes: ReadonlySet<string>): boolean {
  if (typeof value === 'string') return codes.has(value)
  if (!isMembers(value)) return true
  if (value['coding'] === undefined) {
    const code = text(value['code'])
    return code === undefined || codes.has(code)
  }
  return list(value['coding']).some((coding) => isMembers(coding) && codes.has(text(coding['code']) ?? ''))
}

const capitalize = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

function checkElement(
  value: unknown,
  element: InternalSchemaElement,
  typeName: string,
  path: string,
  issues: OperationOutcomeIssue[],
): void {
  const codes = codesFor(element)
  for (const item of list(value)) {
    if (codes && !acceptable(item, codes)) {
      issues.push({
        severity: 'error',
        code: 'code-invalid',
        details: { text: `not a code of the required value set` },
        expression: [path],
      })
    }
    if (isMembers(item)) checkMembers(item, typeName, path, issues)
    else if (/^[A-Z]/.test(typeName)) {
      // Names of complex types begin with a capital, those of primitive ones do not (R4 datatypes.html).
      issues.push({ severity: 'error', code: 'structure', details: { text: 'not an object' }, expression: [path] })
    }
  }
}

function checkMembers(
  value: Readonly<Record<string, unknown>>,
  typeName: string,
  path: string,
  issues: OperationOutcomeIssue[],
): void {
  const actual = text(value['resourceType']) ?? typeName // a contained resource says what it is
  const schema = tryGetDataType(actual)
  if (!schema) return
  if (actual === 'Reference' && /^[A-Z][A-Za-z]+\?/.test(text(value['reference']) ?? '')) {
    // R4 http.html#trules: a server that does not resolve conditional references must not keep them as they are.
    const details = { text: 'conditional references are not resolved here' }
    issues.push({ severity: 'error', code: 'not-supported', details, expression: [`${path}.reference`] })
  }
  for (const [name, element] of Object.entries(schema.elements)) {
    if (name.endsWith('[x]')) {
      const present = element.type.flatMap(({ code }) => {
        const member = name.slice(0, -3) + capitalize(code)
        return value[member] === undefined ? [] : [{ code, member }]
      })
      for (const { code, member } of present) checkElement(value[member], element, code, `${path}.${member}`, issues)
      if (present.length > 1) {
        const [first] = present.slice(1)
        issues.push({
          severity: 'error',
          code: 'structure',
          details: { text: `\`${name}\` is given more than once` },
          expression: [`${path}.${first?.member}`],
        })
      }
    } else if (value[name] !== undefined) {
      checkElement(value[name], element, element.type[0]?.code ?? '', `${path}.${name}`, issues)
    }
  }
}

/**
 * Refuses what is not valid FHIR R4: structure, types, cardinality and invariants by Medplum's validator; the codes of
 * required bindings, the single choice of a `[x]` element and values in the place of objects here, since it misses those.
 */
export function requireValid(resource: Resource): void {
  loadDefinitions()
  validateResource(resource)
  const issues: OperationOutcomeIssue[] = []
  checkMembers({ ...resource }, resource.resourceType, resource.resourceType, issues)
  const [first, ...rest] = issues
  if (first) throw new OperationOutcomeError({ resourceType: 'OperationOutcome', issue: [first, ...rest] })
}
