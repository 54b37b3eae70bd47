import type { FhirId } from '@uthopp/smart-core/fhir-id'
import { parseFhirId } from '@uthopp/smart-core/fhir-id'
import type { LaunchIntent, LaunchTicket } from '@uthopp/smart-core/launch'
import { type Problem, isProblem, problem } from '@uthopp/smart-core/problem'
import type { ContextAnswer, ContextQuestion, Role } from '#src/directory/directory.ts'
import type { Client } from '#src/clients/client.ts'

/** What the host's directory has to confirm before this launch is offered. */
export const questionAbout = (intent: LaunchIntent): ContextQuestion => ({
  user: intent.user,
  role: intent.role ?? undefined,
  patient: intent.patient ?? undefined,
  encounter: intent.encounter ?? undefined,
  references: [...new Set(intent.fhirContext.flatMap((item) => item.reference ?? []))],
})

function chooseRole(roles: readonly Role[]): FhirId | Problem {
  const [only, second] = roles
  if (only === undefined) return problem('role', 'this user has no role in this trust')
  if (second !== undefined)
    return problem('role', `\`role\` is required: this user has ${roles.map(({ id }) => `\`${id}\``).join(', ')}`)
  return parseFhirId(only.id)
}

/** Names the first member the directory does not know in this trust. Names of another trust are as unknown as invented ones. */
export function confirmIntent(intent: LaunchIntent, answer: ContextAnswer): LaunchTicket['intent'] | Problem {
  if (!answer.user) return problem('user', '`user` is not known in this trust')
  if (intent.role !== null && !answer.role) return problem('role', '`role` is not a role of this user in this trust')
  const role = intent.role ?? chooseRole(answer.roles)
  if (isProblem(role)) return role
  if (intent.patient !== null && !answer.patient) return problem('patient', '`patient` is not known in this trust')
  if (intent.encounter !== null && !answer.encounter)
    return problem('encounter', '`encounter` is not one of this patient')
  if (answer.unknownReferences.length > 0)
    return problem('fhirContext', '`fhirContext` holds a reference that is not known in this trust')
  return { ...intent, role }
}

/** Which of the app's registered launch addresses the browser goes to. */
export function chooseLaunchUri(intent: LaunchIntent, client: Client): string | Problem {
  const [only, second] = client.launchUris
  if (only === undefined) return problem('client_id', 'this app has registered no launch address')
  if (intent.launchUri !== null)
    return client.launchUris.includes(intent.launchUri)
      ? intent.launchUri
      : problem('launch_uri', '`launch_uri` is not registered for this app')
  return second === undefined ? only : problem('launch_uri', '`launch_uri` is required: this app registered several')
}
