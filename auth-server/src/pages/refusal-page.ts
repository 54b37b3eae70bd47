import { html, scriptData } from './html.ts'
import { type Language, languageOf } from './language.ts'
import { type Page, page } from './page.ts'

type Words = { readonly title: string; readonly text: string }

const FRAME: Readonly<Record<Language, Words>> = {
  nb: {
    title: 'Appen kan ikke åpnes i denne ruten',
    text: 'Nettleseren tar ikke vare på informasjonskapselen som knytter oppstarten til deg. Velg «Åpne i eget vindu» i journalen.',
  },
  en: {
    title: 'The app cannot be opened in this frame',
    text: 'The browser does not keep the cookie that ties this launch to you. Choose “Åpne i eget vindu” (open in a window) in the patient record.',
  },
}

const WINDOW: Readonly<Record<Language, Words>> = {
  nb: {
    title: 'Appen kan ikke åpnes',
    text: 'Nettleseren tar ikke imot informasjonskapsler i det hele tatt. Tillat informasjonskapsler for dette nettstedet og åpne appen på nytt fra journalen.',
  },
  en: {
    title: 'The app cannot be opened',
    text: 'The browser accepts no cookies at all. Allow cookies for this site and open the app again from the patient record.',
  },
}

/**
 * The browser kept no proof. Tells the person, and the host, which can offer a window of its own (`launch-binding.md` §7).
 * There is no way on from here without the proof: leaving a cookie out is the easiest thing an attacker does.
 */
export function refusalPage(given: {
  readonly launchId: string
  readonly framed: boolean
  readonly acceptLanguage: string
  readonly correlationId: string
  /** The host's origins: who may frame the page, and who hears of it. */
  readonly hostOrigins: readonly string[]
}): Page {
  const language = languageOf(given.acceptLanguage)
  const message = { type: 'uthopp:launch-refused', launch: given.launchId }
  // One call an origin: a message whose target is not the parent's real origin is dropped by the browser.
  const script = html`
if (window.parent !== window)
  for (const origin of ${scriptData(given.hostOrigins)}) window.parent.postMessage(${scriptData(message)}, origin)
`
  return page({
    ...(given.framed ? FRAME : WINDOW)[language],
    language,
    code: undefined,
    correlationId: given.correlationId,
    frameAncestors: given.hostOrigins,
    script,
  })
}
