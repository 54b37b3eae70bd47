/** Grounds of access (templates of decisions) in a few words, for those who do not work in a Norwegian hospital. */
const GROUNDS: ReadonlyMap<string, string> = new Map([
  ['BELEGG', 'admitted to the unit'],
  ['POLBESOK', 'outpatient visit'],
  ['PLANOPP', 'planned contact'],
  ['HENVISNING', 'referral being assessed'],
  ['VURDHENV', 'referral assessed'],
  ['BEHANDLER', 'named attending physician'],
  ['PASANSV', 'responsible for the patient'],
  ['PRIMKONT', 'primary nurse'],
  ['ARBFLYT', 'task about the patient'],
  ['OPRPLAN', 'on the operating list'],
  ['MELDT', 'announced by ambulance'],
  ['TILSYN', 'asked to look at the patient'],
  ['DELBEHAN', 'takes part in the treatment'],
  ['HENV_PAS', 'the patient asked'],
  ['HENV_PAA', 'next of kin asked'],
  ['HENV_BEH', 'another clinician asked'],
  ['BLAALYS', 'emergency access'],
  ['BTG', 'blocked items opened in an emergency'],
  ['EGENLAER', 'own learning'],
  ['PASADM', 'administrative work on a contact'],
  ['NYPAS', 'registering a new patient'],
])

/** `BELEGG (admitted to the unit)`; a code nobody here knows stays as it is. */
export const groundText = (code: string): string => {
  const words = GROUNDS.get(code)
  return words === undefined ? code : `${code} (${words})`
}

/** A sentence of the server's with the words behind each code in it. */
export const withGrounds = (sentence: string): string => sentence.replace(/\b[A-Z]{3,}(?:_[A-Z]+)?\b/g, groundText)
