/** What the hospital knows this app as; everything else about a launch comes from `iss`. */
export const CLIENT_ID = 'pacs-viewer'
export const TITLE = 'Bildeundersøkelser'

/** Only what this version reads. */
export const SCOPE = [
  'launch openid fhirUser online_access',
  'patient/Patient.r patient/ImagingStudy.rs patient/DiagnosticReport.rs?category=RAD patient/Endpoint.r',
].join(' ')
