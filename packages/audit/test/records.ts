import { type AuditRecord, newRecord } from '#src/record.ts'

export const OUS = '993467049'
export const AHUS = '983971636'

/** One reading of one observation by a nurse through an app. */
export const aRecord = (given: Partial<AuditRecord> = {}): AuditRecord => {
  const { id, ...said } = given
  const made = newRecord({
    tenant: OUS,
    at: new Date('2026-11-20T08:00:00.000Z'),
    activity: 'fhir-access',
    actor: { kind: 'clinician', id: 'prac-fjell', role: 'role-fjell-4b' },
    correlationId: '0af7651916cd43dd8448eb211c80319c',
    source: 'gateway',
    clientId: 'nutrition',
    patient: 'pat-berg',
    launchId: 'a3f1',
    grantId: 'g-1',
    purpose: 'TREAT',
    decision: { id: 'dec-8f2', template: 'BELEGG', userSelected: false },
    what: { interaction: 'read', type: 'Observation', ids: ['Observation/obs1'], count: 1, query: null },
    policy: {
      decisionId: 'pd-1',
      version: 'v1',
      effect: 'permit',
      rules: ['care-relation'],
      reasonCode: 'permitted',
      trace: { action: 'read', context: { acr: 4 } },
    },
    detail: { asked: ['patient/Observation.rs'] },
    ...said,
  })
  return id === undefined ? made : { ...made, id }
}
