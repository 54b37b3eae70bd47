import { parseFhirId } from '@uthopp/smart-core/fhir-id'
import type { LaunchContext } from '@uthopp/smart-core/launch'
import { completeStandaloneContext } from '@uthopp/smart-core/launch/standalone'
import { isProblem } from '@uthopp/smart-core/problem'
import type { Place } from '#src/launch/desk.ts'
import type { Settled } from './progress.ts'
import type { StandaloneRequest } from './request.ts'

/** The launch that a person's answers make; undefined when they make none. */
export function contextOf(
  { tenant, fhirBase }: Place,
  { client: { clientId } }: StandaloneRequest,
  settled: Settled,
): LaunchContext | undefined {
  const id = (text: string | null) => (text === null ? null : parseFhirId(text))
  const [user, role, patient, encounter] = [
    parseFhirId(settled.user),
    id(settled.role),
    id(settled.patient),
    id(settled.encounter),
  ]
  if (isProblem(user) || isProblem(role) || isProblem(patient) || isProblem(encounter)) return undefined
  const fhirUser = `${fhirBase}/${settled.kind === 'staff' ? 'Practitioner' : 'Patient'}/${user}`
  const context = completeStandaloneContext(
    { stage: 'request', tenant, clientId, scope: settled.scope, audience: fhirBase, handle: null },
    { user, fhirUser, role, patient, encounter },
  )
  return isProblem(context) ? undefined : context
}
