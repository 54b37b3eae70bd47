import type { Refused } from '../api/client.ts'

const SENTENCES = new Map([
  ['invalid_credentials', 'Brukernavn eller passord er feil.'],
  ['too_many_attempts', 'For mange forsøk. Vent et minutt og prøv igjen.'],
  ['not_signed_in', 'Økten er utløpt, logg inn på nytt.'],
  ['role_required', 'Velg rolle før du går videre.'],
  ['role_not_available', 'Du har ikke denne rollen lenger.'],
  ['patient_not_available', 'Du har ikke tjenstlig behov registrert for denne pasienten.'],
  ['patient_not_known', 'Fant ikke pasienten.'],
  ['search_too_short', 'Skriv minst tre tegn.'],
  ['template_not_available', 'Rollen din kan ikke bruke dette grunnlaget for denne pasienten.'],
  ['reason_required', 'Begrunnelsen må ha minst 10 tegn og si hvorfor du trenger tilgang.'],
  ['decision_live_already', 'Du har allerede tilgang på dette grunnlaget.'],
  ['decision_not_available', 'Tilgangen er avsluttet.'],
  ['decision_not_renewable', 'Tilgangen kan ikke fornyes flere ganger.'],
  ['glass_not_available', 'Rollen din kan ikke åpne sperrede opplysninger for denne pasienten.'],
  ['acr_too_low', 'Du må være logget inn på sikkerhetsnivå 4 for å åpne sperrede opplysninger.'],
  ['confirmation_required', 'Bekreft at vilkårene er oppfylt.'],
  ['items_required', 'Velg hva som skal åpnes.'],
  ['item_not_blocked', 'Opplysningen er ikke lenger sperret.'],
  ['control_not_available', 'Bare leder for enheten har tilgang til kontrollisten.'],
  ['review_not_available', 'Tilgangen er allerede kontrollert.'],
  ['own_access', 'Du kan ikke kontrollere din egen tilgang.'],
  ['note_required', 'Skriv en merknad om hva du fant.'],
  ['citizens_only', 'Denne siden er for innbyggere. Ansatte logger inn på arbeidsflaten.'],
  ['staff_only', 'Arbeidsflaten er for ansatte. Innbyggere logger inn på innbyggersidene.'],
  ['log_unavailable', 'Innsynsloggen er ikke tilgjengelig akkurat nå. Prøv igjen senere.'],
  ['block_not_available', 'Sperringen finnes ikke lenger.'],
  ['app_not_available', 'Appen er ikke godkjent for bruk her.'],
  ['context_not_available', 'Appen kan ikke åpnes i denne sammenhengen.'],
  ['task_not_available', 'Oppgaven er ikke lenger åpen for denne pasienten.'],
  ['task_app_not_available', 'Oppgaven viser til en app som ikke er godkjent her.'],
  ['task_not_yours', 'Oppgaven er tildelt en annen.'],
  ['task_malformed', 'Oppgaven er ikke riktig utfylt og kan ikke startes.'],
  ['launch_refused', 'Autorisasjonstjenesten avviste oppstarten.'],
  ['launch_unavailable', 'Autorisasjonstjenesten svarer ikke akkurat nå.'],
  ['unreachable', 'Får ikke kontakt med tjeneren. Kontroller nettverket og prøv igjen.'],
  ['unexpected_answer', 'Tjeneren svarte noe arbeidsflaten ikke forstår.'],
])

/** One sentence a clinician can act on; an unknown code never shows its spelling. */
export const formatRefusal = ({ code }: Pick<Refused, 'code'>): string =>
  SENTENCES.get(code) ?? 'Noe gikk galt hos oss. Prøv igjen.'
