import type { DocumentReference, Resource } from '@medplum/fhirtypes'
import type { Trace } from '@uthopp/server-kit/trace'
import { parseReference } from '@uthopp/smart-core/fhir-id'
import { isProblem } from '@uthopp/smart-core/problem'
import type { OnDuty } from '#src/session/session-guard.ts'
import { readChart } from '../chart.ts'
import type { SurfaceDeps } from '../surface-deps.ts'
import { idIn, instantOf, newestFirst } from '../words.ts'
import type { Situation } from './ask-policy.ts'
import { guardChart } from './chart-guard.ts'
import { requireOpen } from './own-case.ts'

/** What policy keeps back only because the patient wants it so, found by reading the chart as this person. */
export async function readBlocked(deps: SurfaceDeps, present: OnDuty, patient: string, trace: Trace) {
  const open = await requireOpen(deps, present, patient)
  const source = guardChart(deps, { present, patient, trace }, open)
  await readChart(source, deps, { patient, present, now: deps.now() })
  return { blocked: source.blocked(), answer: source.answerOf(`Patient/${patient}`) }
}

/**
 * Which of them a block keeps from this person, in the words of policy: by name, by who made them, or by a label. What a
 * block lifted before shows is blocked all the same.
 */
export async function blockedAmong(
  deps: SurfaceDeps,
  { present, patient, trace }: Situation & { readonly present: OnDuty },
  items: readonly string[],
): Promise<ReadonlySet<string>> {
  const open = await requireOpen(deps, present, patient)
  const source = guardChart(deps, { present, patient, trace }, open)
  const find = async (item: string) => {
    const reference = parseReference(item)
    if (isProblem(reference)) return
    await source.find<Resource>(reference.type as Resource['resourceType'], reference.id) // an R4 type, as was parsed
  }
  await Promise.all(items.map(find))
  return new Set([...source.blocked().map(({ resourceType, id }) => `${resourceType}/${id}`), ...source.opened()])
}

/** The bytes of a document are an item of their own, and nothing one chooses. */
export async function attachmentsOf({ store }: SurfaceDeps, patient: string, items: readonly string[]) {
  const each = items.map(async (item) => {
    const id = idIn({ reference: item }, 'DocumentReference')
    const document = id === undefined ? undefined : await store.find<DocumentReference>('DocumentReference', id)
    if (document === undefined || idIn(document.subject, 'Patient') !== patient) return []
    const parts = document.content.flatMap(
      ({ attachment }) => idIn({ reference: attachment.url ?? '' }, 'Binary') ?? [],
    )
    return parts.map((part) => `Binary/${part}`)
  })
  return [...new Set((await Promise.all(each)).flat())]
}

const KINDS: ReadonlyMap<string, string> = new Map([
  ['DocumentReference', 'Dokument'],
  ['DiagnosticReport', 'Svar på undersøkelse'],
  ['Observation', 'Måling eller prøvesvar'],
  ['ImagingStudy', 'Bildeundersøkelse'],
  ['Condition', 'Diagnose'],
  ['Encounter', 'Kontakt'],
  ['ServiceRequest', 'Bestilling'],
  ['MedicationStatement', 'Legemiddel'],
  ['MedicationAdministration', 'Gitt legemiddel'],
])

/** What kind of thing it is and when it was made: enough to choose by, and nothing of what it says. */
export function itemFace(resource: { readonly resourceType: string; readonly id: string }) {
  const members = new Map<string, unknown>(Object.entries(resource))
  const moments = ['date', 'effectiveDateTime', 'issued', 'started', 'recordedDate', 'authoredOn']
  const at = moments.map((name) => members.get(name)).find((value) => typeof value === 'string')
  return {
    id: `${resource.resourceType}/${resource.id}`,
    kind: KINDS.get(resource.resourceType) ?? 'Opplysning',
    at: instantOf(typeof at === 'string' ? at : undefined),
  }
}

export const byTime = newestFirst(({ at }: { readonly at: string | null }) => at)
