import type { CedarCase } from './cedar-case.ts'

const data = {
  now: 1_800_000_000,
  purpose: 'TREAT',
  acr: 4,
  patient: 'p',
  launchBound: true,
  launchPatient: 'p',
  grants: ['Observation.r'],
  requiredGrant: 'Observation.r',
  anyTypeGrant: '*.r',
  fhirType: 'Observation',
  item: 'Observation',
  byType: false,
  internal: true,
  mayWrite: true,
  senderConstrained: true,
  inCareTeam: true,
  ownUnit: true,
  sensitivity: 1,
  blocked: false,
}
const principal = { type: 'Ehr::Clinician', id: 'u' }
const attributes = { employed: true, licence: 'active' }
const probe = (action: string, groups: readonly string[]): CedarCase => ({
  namespace: 'Ehr',
  action,
  principal,
  groups,
  attributes,
  resource: { type: 'Ehr::Item', id: 'Observation' },
  context: data,
})

/** Cases every book must be able to answer, whatever it answers: a set and a schema that do not fit fail here, before they serve. */
export const PROBES: readonly CedarCase[] = [
  probe('read', ['physician', 'clinical']),
  probe('search', ['kitchen', 'administrative']),
  probe('create', ['nurse', 'clinical']),
]
