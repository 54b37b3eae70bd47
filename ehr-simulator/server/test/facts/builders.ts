import type { RoleFacts, RoleKind } from '@uthopp/policy/facts'
import { tenantOf } from '@uthopp/storage/tenant'
import type { Contact } from '#src/facts/contacts.ts'
import type { TakenDecision } from '#src/facts/taken-decisions.ts'

export const TENANT = tenantOf('993467049')
export const OTHER = tenantOf('983971636')
export const NOW = new Date('2030-03-01T10:00:00Z')

const DAY_MS = 86_400_000
export const days = (count: number, from = NOW): Date => new Date(from.getTime() + count * DAY_MS)
export const minutes = (count: number, from = NOW): Date => new Date(from.getTime() + count * 60_000)

export const aContact = (changes: Partial<Contact> = {}): Contact => ({
  id: 'ktk1',
  patient: 'cdp1',
  kind: 'inpatient',
  unit: 'lok1',
  user: null,
  encounter: 'enc1',
  startsAt: days(-1),
  endsAt: null,
  elements: [],
  ...changes,
})

export const aRole = (kind: RoleKind = 'physician', changes: Partial<RoleFacts> = {}): RoleFacts => ({
  id: 'agb1',
  kind,
  acute: false,
  unit: 'lok1',
  units: ['lok1'],
  department: 'afa1',
  organization: 'aks1',
  ...changes,
})

export const aDecision = (changes: Partial<TakenDecision> = {}): TakenDecision => ({
  id: 'decision-1',
  patient: 'cdp1',
  user: 'stf1',
  role: 'agb1',
  unit: 'lok1',
  template: 'BLAALYS',
  purpose: 'ETREAT',
  elements: ['*'],
  items: [],
  reason: 'Bevisstløs, ukjent årsak',
  selfSelected: true,
  validFrom: NOW,
  validUntil: minutes(60),
  endedAt: null,
  renewal: null,
  review: null,
  ...changes,
})
