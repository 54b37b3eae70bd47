import { isRecord, type Resource, valuesAt } from '@uthopp/smart-core/fhir/resource'
import { forbidden } from '#src/http/refusals.ts'

/** SMART App Launch 2.2.0, "Task profile for requesting SMART launch": what it asks for, and by which inputs. */
const WORDS: ReadonlySet<string> = new Set([
  'launch-app-ehr',
  'launch-app-standalone',
  'smartonfhir-application',
  'smartonfhir-appcontext',
])
const PLACES = [
  ['code', 'coding'],
  ['input', 'type', 'coding'],
] as const

/** A Task that tells a person to open an app. The words count under whatever system: hosts differ in how closely they look. */
const isLaunchInstruction = (resource: Resource): boolean =>
  resource.resourceType === 'Task' &&
  PLACES.some((path) =>
    valuesAt(resource, path).some(
      (coding) => isRecord(coding) && WORDS.has(String(coding['code']).trim().toLowerCase()),
    ),
  )

/**
 * Nobody who comes through this gateway makes, changes or removes one. It is shown to clinicians as a colleague's request,
 * and says where their browser goes and what another app is told; the systems of the hospital write it beside the gateway.
 */
export function requireNoInstruction(...versions: readonly Resource[]): void {
  if (versions.some(isLaunchInstruction))
    throw forbidden('a Task that asks somebody to open an app is written by the systems of the hospital alone')
}
