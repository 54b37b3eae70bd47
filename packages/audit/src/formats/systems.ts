/** Code systems and identifier systems of the two shapes (norway.md §4.1, §5.1, §5.2). */
export const SYSTEM = {
  dcm: 'http://dicom.nema.org/resources/ontology/DCM',
  actReason: 'http://terminology.hl7.org/CodeSystem/v3-ActReason',
  decisionTemplate: 'https://terminology.dips.com/decisiontemplate',
  sourceType: 'http://terminology.hl7.org/CodeSystem/security-source-type',
  eventType: 'http://terminology.hl7.org/CodeSystem/audit-event-type',
  interaction: 'http://hl7.org/fhir/restful-interaction',
  entityType: 'http://terminology.hl7.org/CodeSystem/audit-entity-type',
  entityRole: 'http://terminology.hl7.org/CodeSystem/object-role',
  resourceTypes: 'http://hl7.org/fhir/resource-types',
  participation: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType',
  balpAgent: 'https://profiles.ihe.net/ITI/BALP/CodeSystem/UserAgentTypes',
  balpEntity: 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType',
  profession: 'urn:oid:2.16.578.1.12.4.1.1.9060',
  identifierType: 'urn:oid:2.16.578.1.12.4.1.1.8116',
  fnr: 'urn:oid:2.16.578.1.12.4.1.4.1',
  hpr: 'urn:oid:2.16.578.1.12.4.1.4.4',
  enh: 'urn:oid:2.16.578.1.12.4.1.4.101',
  resh: 'urn:oid:2.16.578.1.12.4.1.4.102',
  activity: 'https://uthopp.no/fhir/CodeSystem/audit-activity',
} as const

type Coding = { readonly system: string; readonly code: string; readonly display?: string }

export const coding = (system: string, code: string, display?: string): Coding => ({
  system,
  code,
  ...(display === undefined ? {} : { display }),
})

/** FHIR has no empty lists and no null members. */
export function compact(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(members).filter(
      ([, value]) => value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0),
    ),
  )
}
