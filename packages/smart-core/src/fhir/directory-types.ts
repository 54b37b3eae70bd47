/**
 * Types that describe the hospital rather than a patient. An app that may read a patient's data must be able to
 * resolve the names in it, by id; it gets no directory to browse.
 */
const DIRECTORY_TYPES: ReadonlySet<string> = new Set([
  'Endpoint',
  'HealthcareService',
  'Location',
  'Medication',
  'Organization',
  'Practitioner',
  'PractitionerRole',
])

export function isDirectoryType(type: string): boolean {
  return DIRECTORY_TYPES.has(type)
}
