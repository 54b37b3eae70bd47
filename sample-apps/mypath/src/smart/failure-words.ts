import type { Failure } from './failure.ts'

export type FailureWords = {
  readonly title: string
  readonly sentences: readonly string[]
  readonly tone: 'error' | 'warning'
}

/** The registered codes of RFC 6749 §4.1.2.1 and OpenID Connect Core §3.1.2.6 a clinician may meet. */
const CODES = new Map([
  ['access_denied', 'Journalsystemet ga ikke appen tilgang.'],
  ['invalid_scope', 'Appen ba om mer enn den kan få.'],
  ['invalid_request', 'Oppstarten var ikke gyldig. Åpne appen på nytt fra journalen.'],
  ['invalid_grant', 'Oppstarten er brukt opp eller utløpt. Åpne appen på nytt fra journalen.'],
  ['unauthorized_client', 'Appen er ikke godkjent ved dette helseforetaket.'],
  ['login_required', 'Du må logge inn på nytt.'],
  ['interaction_required', 'Innloggingen ble ikke fullført.'],
  ['consent_required', 'Innloggingen ble ikke fullført.'],
  ['server_error', 'Innloggingstjenesten hadde en feil.'],
  ['temporarily_unavailable', 'Innloggingstjenesten er opptatt. Prøv igjen om litt.'],
])

const reference = (correlationId: string): readonly string[] =>
  correlationId === '' ? [] : [`Oppgi denne referansen til brukerstøtte: ${correlationId}`]

const PLAIN: Record<
  Exclude<Failure['kind'], 'refused' | 'no-access' | 'not-found' | 'unavailable' | 'broken'>,
  FailureWords
> = {
  'storage-blocked': {
    title: 'Nettleseren blokkerer lagring',
    sentences: ['Appen kan ikke åpnes i denne ruten. Velg «Åpne i eget vindu» i journalsystemet.'],
    tone: 'warning',
  },
  expired: {
    title: 'Appen har ikke lenger tilgang',
    sentences: ['Pasienten eller rollen er byttet, eller økten er utløpt. Åpne appen på nytt fra journalen.'],
    tone: 'warning',
  },
  'not-launched': {
    title: 'Åpne appen fra journalsystemet',
    sentences: ['Denne siden viser noe først når den åpnes for en pasient eller en enhet.'],
    tone: 'warning',
  },
  unreachable: {
    title: 'Får ikke kontakt med tjenesten',
    sentences: ['Sjekk nettverket, og prøv igjen.'],
    tone: 'error',
  },
}

const NO_ACCESS = {
  app: 'Appen fikk ikke tilgang til disse opplysningene da den ble åpnet.',
  person: 'Rollen din har ikke tilgang til disse opplysningene.',
} as const

/** What the clinician reads: what happened, then what to do. */
export function failureWords(failure: Failure): FailureWords {
  if (failure.kind === 'refused') {
    const known = CODES.get(failure.code) ?? `Innloggingstjenesten avviste oppstarten (${failure.code}).`
    const message = failure.explanation === '' ? [] : [`Melding fra tjenesten: ${failure.explanation}`]
    return {
      title: 'Appen fikk ikke tilgang',
      sentences: [known, ...message, ...reference(failure.correlationId)],
      tone: 'error',
    }
  }
  if (failure.kind === 'no-access') {
    return {
      title: 'Ingen tilgang',
      sentences: [NO_ACCESS[failure.whose], ...reference(failure.correlationId)],
      tone: 'warning',
    }
  }
  if (failure.kind === 'not-found') {
    const sentence = 'Opplysningene finnes ikke, eller du har ikke tilgang til dem.'
    return { title: 'Ikke tilgjengelig', sentences: [sentence, ...reference(failure.correlationId)], tone: 'warning' }
  }
  if (failure.kind === 'unavailable') {
    const sentence = 'Tjenesten svarte ikke nå. Prøv igjen om litt.'
    return { title: 'Kunne ikke leses', sentences: [sentence, ...reference(failure.correlationId)], tone: 'error' }
  }
  if (failure.kind === 'broken') {
    const message = failure.explanation === '' ? [] : [`Teknisk melding: ${failure.explanation}`]
    return {
      title: 'Noe gikk galt',
      sentences: ['Appen fikk et svar den ikke kan bruke.', ...message, ...reference(failure.correlationId)],
      tone: 'error',
    }
  }
  return PLAIN[failure.kind]
}
