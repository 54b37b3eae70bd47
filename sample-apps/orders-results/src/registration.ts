/** What the hospital knows this app as; everything else about a launch comes from `iss`. */
export const CLIENT_ID = 'orders-results'
export const TITLE = 'Bestilling og svar'

/** Only what this version reads. */
export const SCOPE = [
  'launch openid fhirUser online_access',
  'patient/Patient.r patient/Encounter.rs patient/ServiceRequest.rs patient/Specimen.rs',
  'patient/DiagnosticReport.rs patient/Observation.rs?category=laboratory patient/Task.rs',
].join(' ')
