import { type Language, languageOf } from './language.ts'
import { type Page, page } from './page.ts'

type Words = { readonly title: string; readonly text: string }

const TITLE: Readonly<Record<Language, string>> = { nb: 'Appen kunne ikke åpnes', en: 'The app could not be opened' }

/** Sentences of ours by code; what a stranger sent is never repeated. */
const TEXTS: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  nb: {
    invalid_client: 'Appen er ikke registrert her.',
    invalid_redirect_uri: 'Appen ba om svar på en adresse som ikke er registrert for den.',
    start_spent: 'Oppstartsadressen er brukt eller utløpt. Åpne appen på nytt fra journalen.',
    start_foreign: 'Oppstarten kom ikke fra journalsystemet. Åpne appen på nytt fra journalen.',
    interaction_over: 'Innloggingen er utløpt eller åpnet i en annen nettleser. Start på nytt fra appen.',
    interaction_foreign: 'Skjemaet kom fra et annet nettsted. Start på nytt fra appen.',
    temporarily_unavailable: 'Tjenesten er ikke tilgjengelig akkurat nå. Prøv igjen om litt.',
    server_error: 'Noe gikk galt hos oss. Prøv igjen fra journalen.',
  },
  en: {
    invalid_client: 'The app is not registered here.',
    invalid_redirect_uri: 'The app asked to be answered at an address that is not registered for it.',
    start_spent: 'The start address has been used or has expired. Open the app again from the patient record.',
    start_foreign: 'The launch did not come from the patient record system. Open the app again from there.',
    interaction_over: 'The sign-in has expired or was opened in another browser. Start again from the app.',
    interaction_foreign: 'The form came from another site. Start again from the app.',
    temporarily_unavailable: 'The service is not available right now. Try again shortly.',
    server_error: 'Something failed on our side. Try again from the patient record.',
  },
}

const OTHERWISE: Readonly<Record<Language, string>> = {
  nb: 'Forespørselen fra appen var ikke gyldig. Åpne appen på nytt fra journalen.',
  en: 'The request from the app was not valid. Open the app again from the patient record.',
}

function wordsFor(language: Language, code: string): Words {
  return { title: TITLE[language], text: TEXTS[language][code] ?? OTHERWISE[language] }
}

/** What a person sees when there is no safe address to send the app's error to (RFC 6749 §4.1.2.1). */
export function errorPage(given: {
  readonly code: string
  readonly acceptLanguage: string
  readonly correlationId: string
  readonly frameAncestors: readonly string[]
}): Page {
  const language = languageOf(given.acceptLanguage)
  return page({ ...given, language, ...wordsFor(language, given.code) })
}
