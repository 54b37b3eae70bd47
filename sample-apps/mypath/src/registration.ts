/** What the hospital knows this app as; everything else about a launch comes from `iss`. */
export const CLIENT_ID = 'mypath'
export const TITLE = 'MyPath'

/** Only what this version reads. */
export const SCOPE = [
  'launch openid fhirUser online_access',
  'patient/Patient.r patient/Encounter.rs patient/Condition.rs patient/QuestionnaireResponse.rs',
  'patient/Observation.rs?category=survey patient/CarePlan.rs patient/Goal.rs',
].join(' ')
