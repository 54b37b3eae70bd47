import type { Assurance, LaunchContext, LaunchIntent } from '@uthopp/smart-core/launch'
import type { Circumstance, Subject } from '@uthopp/policy/question'
import type { Trace } from '@uthopp/server-kit/trace'
import type { Client } from '#src/clients/client.ts'
import { isCitizen, mayWrite } from '#src/launch/grant-facts.ts'

/** Who wants what for whom, as the host or the sign-in here vouches for it; nothing an app says is in it (AZ-8). */
export type Asker = {
  readonly tenant: string
  readonly kind: 'clinician' | 'citizen' | 'client'
  readonly user: string
  readonly role: string | null
  readonly patient: string | null
  readonly acr: Assurance
  readonly purpose: string | null
  readonly decision: string | null
}

export const askerOfLaunch = (context: LaunchContext): Asker => ({
  tenant: context.tenant,
  kind: isCitizen(context.fhirUser) ? 'citizen' : 'clinician',
  user: context.user,
  role: context.role,
  patient: context.patient,
  acr: context.acr,
  purpose: context.purpose,
  decision: context.decision,
})

/** Hosts offer launches for their staff alone. */
export const askerOfOffer = (tenant: string, intent: LaunchIntent): Asker => ({
  tenant,
  kind: 'clinician',
  user: intent.user,
  role: intent.role,
  patient: intent.patient,
  acr: intent.acr,
  purpose: intent.purpose,
  decision: intent.decision,
})

/** A service stands for nobody: no role, no patient, no purpose of a person's. */
export const askerOfService = (tenant: string, clientId: string): Asker => ({
  tenant,
  kind: 'client',
  user: clientId,
  role: null,
  patient: null,
  acr: 0,
  purpose: null,
  decision: null,
})

export const subjectOf = ({ kind, user, role }: Asker): Subject => ({ kind, id: user, role })

/** What this server has seen of the case itself. */
export const circumstanceOf = (
  asker: Asker,
  client: Client,
  { traceId, traceparent }: Trace,
  senderConstrained: boolean,
): Circumstance => ({
  tenant: asker.tenant,
  clientId: client.clientId,
  zone: client.zone,
  mayWrite: mayWrite(client),
  senderConstrained,
  launchBound: asker.patient !== null,
  launchPatient: asker.patient,
  // Nothing is held yet: holding is what is being decided.
  grants: [],
  acr: asker.acr,
  purpose: asker.purpose,
  decision: asker.decision,
  correlationId: traceId,
  traceparent,
})
