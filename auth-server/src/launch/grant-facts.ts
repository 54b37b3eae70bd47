import type { AuthorizedLaunch } from '@uthopp/smart-core/launch'
import type { Client } from '#src/clients/client.ts'

/** What was decided when somebody was let in, for the gateway alone: none of it stands in a token (contracts §6). */
export type GrantFacts = {
  readonly launch: string | null
  readonly kind: 'ehr' | 'standalone' | 'backend'
  readonly user_kind: 'clinician' | 'citizen' | 'client'
  readonly role: string | null
  readonly decision: string | null
  readonly purpose: string | null
  readonly acr: number
  readonly session: string | null
  readonly workspace: string | null
  readonly zone: Client['zone']
  readonly may_write: boolean
  readonly attested_at: string
}

/** An app in the trust's own zone may write what it was granted to; one outside only where the trust says so. */
export const mayWrite = (client: Client): boolean => client.mayWrite ?? client.zone === 'internal'

const ofClient = (client: Client) => ({ zone: client.zone, may_write: mayWrite(client) })

/** A citizen's own resource is their patient record; everybody else here works for the trust. */
export const isCitizen = (fhirUser: string | null): boolean => fhirUser?.split('/').at(-2) === 'Patient'

export const launchFacts = ({ context }: AuthorizedLaunch, client: Client, attestedAt: Date): GrantFacts => ({
  launch: context.launchId,
  kind: context.kind,
  user_kind: isCitizen(context.fhirUser) ? 'citizen' : 'clinician',
  role: context.role,
  decision: context.decision,
  purpose: context.purpose,
  acr: context.acr,
  session: context.session,
  workspace: context.workspace,
  ...ofClient(client),
  attested_at: attestedAt.toISOString(),
})

/** A service without a person: nobody's role, nobody's decision, and no word on how anybody signed in. */
export const serviceFacts = (client: Client, attestedAt: Date): GrantFacts => ({
  launch: null,
  kind: 'backend',
  user_kind: 'client',
  role: null,
  decision: null,
  purpose: null,
  acr: 0,
  session: null,
  workspace: null,
  ...ofClient(client),
  attested_at: attestedAt.toISOString(),
})
