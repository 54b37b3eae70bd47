/** What the hospital knows this app as; everything else about a launch comes from `iss`. */
export const CLIENT_ID = 'nutrition'
export const TITLE = 'Ernæring'

/** Only what this version reads. */
export const SCOPE = [
  'launch openid fhirUser online_access',
  'patient/Patient.r patient/Observation.rs patient/AllergyIntolerance.rs patient/Condition.rs',
  'patient/NutritionOrder.rs patient/CarePlan.rs',
].join(' ')
