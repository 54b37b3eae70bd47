import type { Ask } from '@uthopp/policy/decision-point'
import type { CaseFacts, PatientFacts } from '@uthopp/policy/facts'

export const NOW = new Date('2026-11-20T12:00:00Z')
export const later = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000)

const PATIENT: PatientFacts = {
  patient: 'cdp1001',
  epoch: '1',
  inCareTeam: false,
  contactUnits: [],
  decisions: [
    {
      id: 'd1',
      template: 'TILSYN',
      family: 'explicit',
      patient: 'cdp1001',
      purpose: 'TREAT',
      validFrom: later(-1),
      validUntil: later(1),
      elements: ['*'],
      items: [],
      userSelected: true,
      selfSelected: true,
    },
  ],
  blocks: [],
  self: false,
}
/** A physician with a decision about one patient, an hour of which is left. */
export const FACTS: CaseFacts = {
  person: {
    user: 'stf101',
    kind: 'clinician',
    employed: true,
    licence: { active: true, profession: 'LE' },
    role: {
      id: 'agb101',
      kind: 'physician',
      acute: true,
      unit: 'u1',
      units: ['u1'],
      department: 'd1',
      organization: '993467049',
    },
  },
  patients: new Map([['cdp1001', PATIENT]]),
  at: NOW,
}

/** The same from now on. */
export function factsOf(at = new Date()): CaseFacts {
  const end = new Date(at.getTime() + 3_600_000)
  const decisions = PATIENT.decisions.map((decision) => ({ ...decision, validFrom: new Date(0), validUntil: end }))
  return { ...FACTS, patients: new Map([['cdp1001', { ...PATIENT, decisions }]]), at }
}

export const ASK: Ask = {
  subject: { kind: 'clinician', id: 'stf101', role: 'agb101' },
  circumstance: {
    tenant: '993467049',
    clientId: 'nutrition',
    zone: 'internal',
    mayWrite: true,
    senderConstrained: false,
    launchBound: true,
    launchPatient: 'cdp1001',
    grants: [],
    acr: 3,
    purpose: 'TREAT',
    decision: null,
    correlationId: 'c',
    traceparent: '',
  },
  question: { action: 'launch', app: 'nutrition' },
}
