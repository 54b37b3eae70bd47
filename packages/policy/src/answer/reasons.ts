/** A reason in words fit for the person concerned: what, never about whom. */
export type ReasonText = { readonly nb: string; readonly en: string }

/** Reasons no single rule gives: trouble, questions that never became a case, and denials because nothing permitted. */
export const REASONS = {
  'facts-unavailable': ['Tilgangen kan ikke avgjøres akkurat nå. Prøv igjen.', 'the facts could not be had in time'],
  'pdp-unavailable': ['Tilgangen kan ikke avgjøres akkurat nå. Prøv igjen.', 'the decision point did not answer'],
  'rule-error': ['Tilgangen kan ikke avgjøres. Feilen er logget.', 'a rule could not be evaluated'],
  'rule-book-missing': ['Tilgangen kan ikke avgjøres akkurat nå. Prøv igjen.', 'no rule book is loaded'],
  'clock-skew': [
    'Tilgangen kan ikke avgjøres akkurat nå. Prøv igjen.',
    'the clocks of the host and the decision point differ',
  ],
  'facts-contradictory': [
    'Opplysningene om tilgangen motsier hverandre. Feilen er logget.',
    'the facts contradict each other',
  ],
  'question-malformed': ['Tilgangen kan ikke avgjøres. Feilen er logget.', 'the question makes no sense'],
  'obligation-unknown': [
    'Tilgangen kan ikke gis, fordi et vilkår ikke kan oppfylles.',
    'an obligation cannot be performed',
  ],
  'person-unknown': ['Du er ikke registrert her.', 'the person is not known here'],
  'patient-unknown': ['Pasienten er ikke kjent her.', 'the patient is not known here'],
  'role-not-held': ['Du har ikke lenger denne rollen.', 'the person does not hold this role'],
  'purpose-missing': ['Formålet med tilgangen mangler.', 'no purpose came with the launch'],
  'purpose-not-held': ['Formålet krever et eget grunnlag for tilgang.', 'no decision carries this purpose'],
  'decision-expired': ['Grunnlaget for tilgang er utløpt eller avsluttet.', 'the decision has ended'],
  'decision-foreign': ['Grunnlaget for tilgang gjelder en annen pasient.', 'the decision is about another patient'],
  'no-care-relation': [
    'Du har ikke tjenstlig behov registrert for denne pasienten.',
    'no care relation and no decision for this patient',
  ],
  'decision-does-not-cover': [
    'Grunnlaget for tilgang omfatter ikke dette.',
    'the decision does not cover this kind of data',
  ],
  'sensitivity-too-high': ['Opplysningene er skjermet.', 'the data are more restricted than this relation opens'],
  'not-for-apps': ['Dette er ikke tilgjengelig for apper.', 'not available to apps'],
  'writing-not-covered': [
    'Grunnlaget for tilgang gir ikke rett til å skrive dette.',
    'this relation gives no right to write this',
  ],
  'never-deleted': ['Apper kan ikke slette fra journalen.', 'apps delete nothing'],
  'break-glass-read-only': ['Opphevet sperre gir bare lesetilgang.', 'a lifted block is for reading only'],
  'break-glass-does-not-cover': ['Opphevelsen av sperren omfatter ikke dette.', 'the lifted block does not cover this'],
  'letter-not-issued': ['Denne rettigheten gis ikke til apper.', 'this right is not issued to apps'],
  'level-not-issued': ['Denne rettigheten gis ikke til denne brukeren.', 'this level is not issued to this subject'],
  'no-patient-in-launch': ['Appen er åpnet uten pasient.', 'the launch names no patient'],
  'scope-unknown': ['Denne rettigheten er ukjent.', 'this scope is not known to policy'],
  'reason-too-short': ['Begrunnelsen er for kort.', 'the reason is too short'],
  'sign-in-too-weak': ['Du må logge inn på et høyere sikkerhetsnivå.', 'a stronger sign-in is needed'],
  'confirmation-missing': ['Du må bekrefte at vilkårene er oppfylt.', 'the conditions were not confirmed'],
  'items-missing': ['Velg hvilke opplysninger sperren skal oppheves for.', 'no items were named'],
  'template-not-for-role': ['Rollen din kan ikke velge dette grunnlaget.', 'this role may not choose this decision'],
  'role-may-not-break-glass': ['Rollen din kan ikke oppheve sperrer.', 'this role may not lift blocks'],
  'not-own-record': ['Du kan bare se din egen journal.', 'citizens see their own record only'],
  'service-not-entitled': ['Systemet har ikke tilgang til dette.', 'the service is not entitled to this'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>

export type EngineReason = keyof typeof REASONS

export function textOf(code: EngineReason): ReasonText {
  const [nb, en] = REASONS[code]
  return { nb, en }
}

/**
 * Which of several forbidding rules is named: who somebody is before what the app is, before what the patient wants.
 * What is not listed comes last.
 */
export const FORBID_ORDER: readonly string[] = [
  'not-employed',
  'no-active-licence',
  'not-registered',
  'scope-missing',
  'external-app-too-weak',
  'other-patient',
  'not-own-record',
  'own-learning-not-in-apps',
  'purpose-not-clinical',
  'role-not-entitled',
]

/** Told to a person only when everything else would have let them in (CE-37). */
export const BLOCKED = 'blocked-by-patient'
