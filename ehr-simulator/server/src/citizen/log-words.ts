/** Purposes of use (v3-ActReason) as a patient reads them. */
const PURPOSES: ReadonlyMap<string, string> = new Map([
  ['TREAT', 'Helsehjelp'],
  ['ETREAT', 'Akutt helsehjelp'],
  ['BTG', 'Opphevet sperring'],
  ['COC', 'Samordning og administrasjon av helsehjelp'],
  ['PATADMIN', 'Administrasjon av helsehjelp'],
  ['TRAIN', 'Egen læring'],
  ['HQUALIMP', 'Kvalitetssikring'],
  ['HRESCH', 'Forskning'],
  ['HSYSADMIN', 'Drift av systemer'],
  ['PATRQT', 'På din forespørsel'],
])

/** Grounds for access, chosen or following from work as it is organised (norway.md §6.3). */
const GROUNDS: ReadonlyMap<string, string> = new Map([
  ['BELEGG', 'Du er innlagt på enheten'],
  ['POLBESOK', 'Du har time på poliklinikken'],
  ['PLANOPP', 'Du har en planlagt time'],
  ['HENVISNING', 'Vurderer en henvisning'],
  ['VURDHENV', 'Har vurdert en henvisning'],
  ['BEHANDLER', 'Er din behandler'],
  ['PASANSV', 'Er pasientansvarlig for deg'],
  ['PRIMKONT', 'Er din primærkontakt'],
  ['ARBFLYT', 'Har en oppgave som gjelder deg'],
  ['OPRPLAN', 'Du står på operasjonsprogrammet'],
  ['MELDT', 'Du er meldt til sykehuset'],
  ['TILSYN', 'Tilsyn'],
  ['DELBEHAN', 'Deltar i behandlingen av deg'],
  ['HENV_PAS', 'Henvendelse fra deg'],
  ['HENV_PAA', 'Henvendelse fra pårørende'],
  ['HENV_BEH', 'Henvendelse fra en annen behandler'],
  ['BLAALYS', 'Blålys'],
  ['EGENLAER', 'Egen læring'],
  ['PASADM', 'Administrativt arbeid med en kontakt'],
  ['NYPAS', 'Registrering av ny pasient'],
])

/** The ground that is no decision. */
export const CARE_TEAM = 'Er i behandlingsteamet ditt'

/** FHIR types as kinds of information. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['Patient', 'navn og personopplysninger'],
  ['Observation', 'målinger og prøvesvar'],
  ['DiagnosticReport', 'svar på undersøkelser'],
  ['Specimen', 'prøver'],
  ['DocumentReference', 'dokumenter'],
  ['Binary', 'dokumenter'],
  ['ImagingStudy', 'bildeundersøkelser'],
  ['Condition', 'diagnoser'],
  ['AllergyIntolerance', 'allergier'],
  ['Flag', 'kritisk informasjon'],
  ['Encounter', 'kontakter med sykehuset'],
  ['Appointment', 'timeavtaler'],
  ['NutritionOrder', 'kost og ernæring'],
  ['Task', 'oppgaver'],
  ['ServiceRequest', 'bestillinger'],
  ['MedicationStatement', 'legemidler'],
  ['MedicationRequest', 'legemidler'],
  ['MedicationAdministration', 'legemidler'],
  ['Procedure', 'inngrep'],
  ['CarePlan', 'planer'],
  ['CareTeam', 'behandlingsteam'],
  ['Goal', 'mål for behandlingen'],
  ['QuestionnaireResponse', 'skjemaer'],
  ['RiskAssessment', 'risikovurderinger'],
  ['Communication', 'meldinger'],
  ['Device', 'utstyr'],
  ['DeviceMetric', 'utstyr'],
])

export const purposeWords = (purpose: string | null): string => PURPOSES.get(purpose ?? '') ?? 'Ikke oppgitt'
export const groundWords = (template: string | null): string | null =>
  template === null ? null : (GROUNDS.get(template) ?? null)

/** What somebody looked at, in one line. */
export function matterWords(activities: readonly string[], types: readonly string[]): string {
  if (activities.includes('block-changed')) return 'Endret sperring'
  if (activities.includes('self-authorized')) return 'Ga seg selv tilgang til journalen'
  if (activities.includes('break-glass-started')) return 'Åpnet opplysninger du har sperret'
  const isAppState = activities.includes('app-state-access')
  // What an app keeps for itself bears a type that says nothing.
  const told = isAppState ? types.filter((type) => type !== 'Basic') : types
  const kinds = [...new Set(told.map((type) => KINDS.get(type) ?? 'andre opplysninger'))]
  const parts = [
    ...(activities.includes('patient-opened') ? ['journalen'] : []),
    ...(activities.some((activity) => activity.startsWith('imaging-')) ? ['røntgenbilder'] : []),
    ...kinds,
    ...(isAppState ? ['det appen selv har lagret om deg'] : []),
  ]
  const words = parts.length === 0 ? 'opplysninger' : parts.join(', ')
  return words.charAt(0).toLocaleUpperCase('nb') + words.slice(1)
}
