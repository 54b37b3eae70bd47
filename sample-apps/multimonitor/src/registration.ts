/** What the hospital knows this app as; everything else about a launch comes from `iss`. */
export const CLIENT_ID = 'multimonitor'
export const TITLE = 'Multimonitor'

/** Only what this version reads. */
export const SCOPE = [
  'launch openid fhirUser online_access',
  'patient/Patient.r patient/Observation.rs patient/DiagnosticReport.rs patient/DeviceMetric.rs',
  'patient/ServiceRequest.rs patient/Task.rs',
].join(' ')
