import type { AuthorizedLaunch, GrantId, LaunchId, LaunchTicket } from '@uthopp/smart-core/launch'
import type { FhirId } from '@uthopp/smart-core/fhir-id'
import { tenantOf } from '@uthopp/storage/tenant'
import { newLaunchId, secretHash } from '#src/launch/secrets.ts'
import type { OfferedLaunch } from '#src/storage/launches.ts'

export const TENANT = tenantOf('993467049')
export const OTHER_TENANT = tenantOf('983971636')
export const NOW = new Date('2030-01-01T00:00:00Z')
export const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000)

const id = (text: string): FhirId => text as FhirId // literals of this file that satisfy the grammar

export const OTHER_PATIENT = id('cdp1002')

export const intentOf = (changes: Partial<LaunchTicket['intent']> = {}): LaunchTicket['intent'] => ({
  stage: 'intent',
  clientId: 'pacs-viewer',
  user: id('stf101'),
  role: id('agb101'),
  patient: id('cdp1001'),
  encounter: null,
  fhirContext: [],
  intent: null,
  appContext: null,
  needPatientBanner: true,
  smartStyleUrl: null,
  decision: null,
  purpose: null,
  acr: 0,
  session: 'session-1',
  workspace: 'tab-1',
  launchUri: null,
  bound: true,
  ...changes,
})

export function aLaunch(name: string, changes: Partial<LaunchTicket['intent']> = {}): OfferedLaunch {
  const intent = intentOf(changes)
  return {
    ticket: {
      stage: 'ticket',
      launchId: newLaunchId() as LaunchId, // made on this line
      tenant: TENANT,
      host: 'host',
      intent,
      offeredAt: NOW,
      expiresAt: later(300),
    },
    launchUri: 'http://localhost:4101/launch.html',
    handleHash: secretHash(`handle-${name}`),
    binding: intent.bound
      ? { kind: 'bound', startHash: secretHash(`start-${name}`), startExpiresAt: later(60) }
      : { kind: 'unbound' },
  }
}

export const authorizedOf = (ticket: LaunchTicket, grantId: string): AuthorizedLaunch => ({
  stage: 'authorized',
  grantId: grantId as GrantId, // made for the test
  context: {
    ...ticket.intent,
    stage: 'context',
    kind: 'ehr',
    tenant: ticket.tenant,
    audience: 'http://localhost:4500/993467049/fhir',
    fhirUser: null,
    launchId: ticket.launchId,
  },
  granted: ['launch'],
  withheld: [],
})
