import type { AccessContext } from '#src/access.ts'
import { parseFhirId } from '#src/fhir-id.ts'
import { parseScopeSet } from '#src/scope/scope-set.ts'
import { read } from './required.ts'

export const berg = read(parseFhirId('cdp1001'))
/** Somebody who holds these scopes, launched with Berg unless another patient, or none, is given. */
export const holding = (scopes: string, patient: typeof berg | null = berg): AccessContext => ({
  subject: 'stf101',
  clientId: 'pacs-viewer',
  tenant: '993467049',
  scopes: parseScopeSet(scopes).scopes,
  ...(patient !== null && { patient }),
  fhirUser: 'Practitioner/stf101',
  expiresAt: new Date('2030-01-01T00:00:00Z'),
})
