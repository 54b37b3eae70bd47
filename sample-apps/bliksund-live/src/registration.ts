/** What the hospital knows this app as; everything else about a launch comes from `iss`. */
export const CLIENT_ID = 'bliksund-live'
export const TITLE = 'Ambulansejournal live'

/** Only what this version reads. */
export const SCOPE = [
  'launch openid fhirUser online_access',
  'user/Encounter.rs?class=EMER user/Location.rs',
  'patient/Patient.r patient/Encounter.rs patient/Observation.rs patient/Condition.rs patient/AllergyIntolerance.rs',
].join(' ')
