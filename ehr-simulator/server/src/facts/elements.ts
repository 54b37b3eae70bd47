/** Whoever may know of a patient at all knows who, where and with whom. */
const BASICS = [
  'Patient',
  'Encounter',
  'EpisodeOfCare',
  'Location',
  'Organization',
  'Practitioner',
  'PractitionerRole',
  'HealthcareService',
] as const

export const EVERYTHING: readonly string[] = ['*']

/** What an emergency department prepares itself by. */
export const ACUTE: readonly string[] = [
  ...BASICS,
  'AllergyIntolerance',
  'Condition',
  'Flag',
  'Observation',
  'Procedure',
  'Medication',
  'MedicationStatement',
  'MedicationRequest',
  'MedicationAdministration',
  'Immunization',
  'Device',
  'DeviceMetric',
  'DiagnosticReport',
  'ImagingStudy',
  'Endpoint',
  'ServiceRequest',
  'Specimen',
  'Task',
  'Communication',
  'DocumentReference',
  'Binary',
  'RelatedPerson',
]

/** What a telephone call is answered from by whoever cares for nobody: no clinical notes (norway.md §6.2.2). */
export const ENQUIRIES: readonly string[] = [...BASICS, 'Appointment', 'RelatedPerson', 'ServiceRequest']

/** What a telephone call is answered from. */
export const DOCUMENTS: readonly string[] = [...ENQUIRIES, 'DocumentReference', 'Binary']

/** The administrative set: identity, diagnosis, need of assistance, what is offered and when (Normen, access guide; norway.md §6.2.2). */
export const ADMINISTRATIVE: readonly string[] = [
  ...BASICS,
  'RelatedPerson',
  'Condition',
  'Flag',
  'Appointment',
  'AppointmentResponse',
  'Schedule',
  'Slot',
  'Coverage',
  'Account',
]

/** A task shows its own subject matter and the basics. */
export const taskElements = (subject: readonly string[]): readonly string[] => [...new Set([...BASICS, ...subject])]

/** What a kitchen needs in order to serve the right tray to the right bed. */
export const MEALS: readonly string[] = ['NutritionOrder', 'AllergyIntolerance']
