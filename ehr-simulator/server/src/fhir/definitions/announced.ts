/**
 * The resource types this store keeps and the search parameters it indexes: exactly what its CapabilityStatement says.
 * A parameter not named here is refused (R4 http.html#search, "strict" handling), so nobody mistakes "not indexed" for "no match".
 *
 * INVARIANT: every parameter of the R4 patient compartment (compartmentdefinition-patient) of a listed type is listed too;
 * compartment searches are the union of those.
 */
const TYPES: Readonly<Record<string, string>> = {
  AllergyIntolerance:
    'asserter category clinical-status code criticality date identifier patient recorder type verification-status',
  Appointment: 'actor appointment-type date identifier location patient practitioner service-type status',
  AuditEvent: 'action agent date entity outcome patient source subtype type',
  Binary: '',
  CarePlan:
    'activity-code activity-reference based-on care-team category condition date encounter goal identifier intent part-of patient performer status subject',
  CareTeam: 'category date encounter identifier participant patient status subject',
  ClinicalImpression: 'assessor date encounter identifier patient problem status subject',
  Communication:
    'based-on category encounter identifier medium part-of patient received recipient sender sent status subject',
  CommunicationRequest:
    'authored based-on category encounter identifier patient priority recipient requester sender status subject',
  Composition: 'attester author category date encounter identifier patient period status subject title type',
  Condition:
    'abatement-date asserter body-site category clinical-status code encounter identifier onset-date patient recorded-date severity subject verification-status',
  Consent: 'action actor category consentor date identifier organization patient period purpose scope status',
  Device: 'device-name identifier location manufacturer model organization patient status type udi-carrier url',
  DeviceMetric: 'category identifier parent source type',
  DiagnosticReport:
    'based-on category code conclusion date encounter identifier issued media patient performer result results-interpreter specimen status subject',
  DocumentReference:
    'authenticator author category contenttype custodian date description encounter event facility identifier patient period related security-label setting status subject type',
  Encounter:
    'appointment based-on class date diagnosis episode-of-care identifier location location-period part-of participant participant-type patient practitioner reason-code reason-reference service-provider status subject type',
  Endpoint: 'connection-type identifier name organization payload-type status',
  EpisodeOfCare: 'care-manager condition date identifier incoming-referral organization patient status type',
  Flag: 'author date encounter identifier patient subject',
  Goal: 'achievement-status category identifier lifecycle-status patient start-date subject target-date',
  Group: 'actual code identifier managing-entity member type',
  HealthcareService: 'active endpoint identifier location name organization service-category service-type specialty',
  ImagingStudy:
    'basedon bodysite dicom-class encounter endpoint identifier instance interpreter modality patient performer reason referrer series started status subject',
  Immunization: 'date identifier location lot-number patient performer status target-disease vaccine-code',
  List: 'code date encounter identifier item patient source status subject title',
  Location: 'address address-city endpoint identifier name operational-status organization partof status type',
  Media: 'based-on created device encounter identifier modality operator patient site status subject type view',
  Medication: 'code form identifier ingredient ingredient-code manufacturer status',
  MedicationAdministration:
    'code context device effective-time identifier medication patient performer request status subject',
  MedicationRequest:
    'authoredon category code date encounter identifier intended-performer intent medication patient priority requester status subject',
  MedicationStatement: 'category code context effective identifier medication part-of patient source status subject',
  NutritionOrder: 'additive datetime encounter formula identifier oraldiet patient provider status supplement',
  Observation:
    'based-on category code combo-code combo-value-quantity component-code component-value-quantity data-absent-reason date derived-from device encounter focus has-member identifier method part-of patient performer specimen status subject value-concept value-date value-quantity value-string',
  Organization: 'active address address-city endpoint identifier name partof type',
  Patient:
    'active address address-city address-postalcode birthdate death-date deceased email family gender general-practitioner given identifier language link name organization phone telecom',
  Practitioner: 'active email family gender given identifier name phone telecom',
  PractitionerRole:
    'active date email endpoint identifier location organization phone practitioner role service specialty telecom',
  Procedure:
    'based-on category code date encounter identifier location part-of patient performer reason-code reason-reference status subject',
  Provenance: 'agent agent-role agent-type entity location patient recorded target when',
  Questionnaire: 'code date description effective identifier name publisher status subject-type title url version',
  QuestionnaireResponse:
    'author authored based-on encounter identifier part-of patient questionnaire source status subject',
  RelatedPerson: 'active birthdate email gender identifier name patient phone relationship telecom',
  ResearchStudy: 'category date focus identifier location partof principalinvestigator site sponsor status title',
  ResearchSubject: 'date identifier individual patient status study',
  RiskAssessment: 'condition date encounter identifier method patient performer probability risk subject',
  ServiceRequest:
    'authored based-on body-site category code encounter identifier intent occurrence order-detail patient performer performer-type priority replaces requester requisition specimen status subject',
  Specimen: 'accession bodysite collected collector container identifier parent patient status subject type',
  Task: 'authored-on based-on business-status code encounter focus group-identifier identifier intent modified owner part-of patient performer period priority requester status subject',
}

/** Indexed for every type (R4 search.html#all), besides `_id` and `_lastUpdated`, which are columns. */
export const COMMON_PARAMETERS = ['_profile', '_security', '_tag'] as const

export const ANNOUNCED: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(TYPES).map(([type, codes]) => [type, codes.split(' ').filter((code) => code !== '')]),
)

/** Types needed to speak about others (errors, bundles), never stored. */
export const SPOKEN_TYPES = ['Bundle', 'CapabilityStatement', 'OperationOutcome'] as const
