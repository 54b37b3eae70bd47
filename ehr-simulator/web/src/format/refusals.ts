import type { Refused } from '../api/client.ts'

const SENTENCES = new Map([
  ['invalid_credentials', 'Brukernavn eller passord er feil.'],
  ['too_many_attempts', 'For mange forsøk. Vent et minutt og prøv igjen.'],
  ['not_signed_in', 'Økten er utløpt, logg inn på nytt.'],
  ['role_required', 'Velg rolle før du går videre.'],
  ['role_not_available', 'Du har ikke denne rollen lenger.'],
  ['patient_not_available', 'Du har ikke tjenstlig behov registrert for denne pasienten.'],
  ['app_not_available', 'Appen er ikke godkjent for bruk her.'],
  ['context_not_available', 'Appen kan ikke åpnes i denne sammenhengen.'],
  ['task_not_available', 'Oppgaven er ikke lenger åpen for denne pasienten.'],
  ['task_app_not_available', 'Oppgaven viser til en app som ikke er godkjent her.'],
  ['launch_refused', 'Autorisasjonstjenesten avviste oppstarten.'],
  ['launch_unavailable', 'Autorisasjonstjenesten svarer ikke akkurat nå.'],
  ['unreachable', 'Får ikke kontakt med tjeneren. Kontroller nettverket og prøv igjen.'],
  ['unexpected_answer', 'Tjeneren svarte noe arbeidsflaten ikke forstår.'],
])

/** One sentence a clinician can act on; an unknown code never shows its spelling. */
export const formatRefusal = ({ code }: Pick<Refused, 'code'>): string =>
  SENTENCES.get(code) ?? 'Noe gikk galt hos oss. Prøv igjen.'
