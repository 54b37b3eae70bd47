import { tryGetDataType } from '@medplum/core'
import type { Coding, Resource } from '@medplum/fhirtypes'
import type { SearchPlan } from './search-plan.ts'

const SUBSETTED: Coding = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' }

const elementName = (member: string): string => member.replace(/^_/, '')
/** `valueQuantity` is the element `value`. */
const isElement = (member: string, element: string): boolean =>
  member === element || (member.startsWith(element) && /^[A-Z]/.test(member.slice(element.length)))

function keeps(plan: SearchPlan, type: string): (member: string) => boolean {
  const schema = tryGetDataType(type)
  const mandatory = [...(schema?.mandatoryProperties ?? [])]
  const always = ['resourceType', 'id', 'meta', ...mandatory]
  const among = (names: readonly string[]) => (member: string) =>
    names.some((name) => isElement(elementName(member), name))
  if (plan.elements) return among([...always, ...plan.elements])
  if (plan.summary === 'true') return among([...always, ...(schema?.summaryProperties ?? [])])
  if (plan.summary === 'text') return among([...always, 'text'])
  return (member) => elementName(member) !== 'text'
}

/** `_elements` and `_summary` (R4 search.html#elements): mandatory elements stay, and the resource says it is not whole. */
export function trimResource(plan: SearchPlan, resource: Resource): Resource {
  if (plan.elements === undefined && plan.summary === 'false') return resource
  const kept = keeps(plan, resource.resourceType)
  const trimmed = Object.fromEntries(Object.entries(resource).filter(([member]) => kept(member)))
  const meta = { ...resource.meta, tag: [...(resource.meta?.tag ?? []), SUBSETTED] }
  return { ...trimmed, resourceType: resource.resourceType, meta } as Resource // a resource with members left out
}
