export const outcome = (code: string, diagnostics: string) => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code, diagnostics, details: { text: diagnostics } }],
})

const resourceEntry = (type: string) => ({
  type,
  interaction: [
    'read',
    'vread',
    'search-type',
    'create',
    'update',
    'delete',
    'patch',
    'history-instance',
    'history-type',
  ].map((code) => ({ code })),
  updateCreate: true,
  searchParam: [
    { name: 'patient', type: 'reference' },
    { name: '_content', type: 'string' },
  ],
  operation: [{ name: 'everything', definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything' }],
})

/** What the server behind tells of itself: more than anybody should hear. */
export const capabilityStatement = {
  resourceType: 'CapabilityStatement',
  status: 'active',
  date: '2026-11-20',
  kind: 'instance',
  fhirVersion: '4.0.1',
  format: ['json', 'xml'],
  software: { name: 'Stub', version: '0.0.1-secret' },
  implementation: { description: 'inner server', url: 'http://inner.example/fhir' },
  rest: [
    {
      mode: 'server',
      interaction: [{ code: 'transaction' }, { code: 'batch' }, { code: 'search-system' }, { code: 'history-system' }],
      operation: [{ name: 'export', definition: 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export' }],
      resource: ['Patient', 'Observation', 'Practitioner', 'ImagingStudy'].map(resourceEntry),
    },
  ],
}
