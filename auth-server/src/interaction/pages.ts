import { isProblem } from '@uthopp/smart-core/problem'
import { describeScope } from '@uthopp/smart-core/scope/describe'
import { parseScope } from '@uthopp/smart-core/scope/scope'
import { TYPE_NAMES } from '@uthopp/smart-core/scope/type-names'
import type { Client } from '#src/clients/client.ts'
import type { Encounter, Patient, Person } from '#src/directory/directory.ts'
import { type Html, html, htmlList } from '#src/pages/html.ts'
import type { Language } from '#src/pages/language.ts'
import type { Page } from '#src/pages/page.ts'
import { type Narrowing, narrowingsOf } from '#src/standalone/narrowings.ts'
import { formPage } from './form-page.ts'
import { type Words, wordsOf } from './words.ts'

type Shown = { readonly language: Language; readonly error: string | undefined }

const cancelButton = (words: Words): Html =>
  html`<button type="submit" name="decision" value="deny" formnovalidate>${words.cancel}</button>`

export function signInPage(given: Shown & { readonly app: string; readonly username: string }): Page {
  const words = wordsOf(given.language)
  const body = html`<form method="post">
<label for="username">${words.username}</label>
<input type="text" id="username" name="username" value="${given.username}" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus>
<label for="password">${words.password}</label>
<input type="password" id="password" name="password" autocomplete="current-password" required>
<p><button class="main" type="submit">${words.signIn}</button></p>
</form>
<form method="post">${cancelButton(words)}</form>`
  return formPage({ ...given, title: words.signInFor(given.app), body })
}

const nameAndBirth = ({ name, birthDate }: Patient, words: Words): string =>
  birthDate === undefined ? name : `${name}, ${words.born(words.date(birthDate))}`

const radio = (name: string, value: string, text: string, checked = false): Html =>
  html`<label class="choice"><input type="radio" name="${name}" value="${value}"${checked ? html` checked` : html``}> ${text}</label>
`

/** One form, so that the search works without JavaScript: Enter in the field presses its first button. */
export function patientPage(
  given: Shown & { readonly app: string; readonly search: string; readonly patients: readonly Patient[] },
): Page {
  const words = wordsOf(given.language)
  const list =
    given.patients.length === 0
      ? html`<p role="status">${given.search === '' ? words.noPatients : words.noHits}</p>`
      : html`<fieldset><legend>${words.choosePatient}</legend>
${htmlList(given.patients.map((patient) => radio('patient', patient.id, nameAndBirth(patient, words))))}</fieldset>
<button class="main" type="submit">${words.choose}</button>`
  const body = html`<form method="post">
<label for="search">${words.search}</label>
<input type="search" id="search" name="search" value="${given.search}" autocomplete="off" maxlength="200">
<button type="submit" name="action" value="search">${words.searchButton}</button>
${list}
${cancelButton(words)}
</form>`
  return formPage({ ...given, title: words.choosePatientFor(given.app), body })
}

export function encounterPage(
  given: Shown & { readonly patient: Patient; readonly encounters: readonly Encounter[] },
): Page {
  const words = wordsOf(given.language)
  const text = ({ id, kind, status, start }: Encounter): string =>
    [start && `${words.date(start)} ${start.slice(11, 16)}`.trim(), kind, status]
      .filter((part) => part !== undefined)
      .join(', ') || id
  const choices = given.encounters.map((encounter, index) =>
    radio('encounter', encounter.id, text(encounter), index === 0),
  )
  const body = html`<p>${nameAndBirth(given.patient, words)}</p>
<form method="post">
<fieldset><legend>${words.chooseEncounter}</legend>
${htmlList(choices)}</fieldset>
<button class="main" type="submit">${words.choose}</button>
${cancelButton(words)}
</form>`
  return formPage({ ...given, title: words.chooseEncounter, body })
}

/** One sentence a scope. */
export const sentenceOf = (token: string, language: Language): string => {
  const scope = parseScope(token)
  return isProblem(scope) ? token : describeScope(scope, language)
}

const MOST_LINES = 14

/** What one choice in the list says: a category of the type above it, or one type of everything, by the names people have for it. */
function narrowingText({ type, code }: Narrowing, offered: readonly Narrowing[], language: Language): string {
  const category = code === undefined ? undefined : (wordsOf(language).categories[code] ?? code)
  if (type === undefined) return category ?? ''
  const name = TYPE_NAMES[type]?.[language] ?? type
  const shared = offered.some((other) => other.type !== type && TYPE_NAMES[other.type ?? '']?.[language] === name)
  const plain = `${name.charAt(0).toUpperCase()}${name.slice(1)}${shared ? ` (${type})` : ''}`
  return category === undefined ? plain : `${plain}: ${category}`
}

/** A list, not boxes: without a choice in it the whole of what is ticked above stays. */
function narrowingList(token: string, language: Language): Html {
  const narrowings = narrowingsOf(token)
  if (narrowings.length === 0) return html``
  const words = wordsOf(language)
  const wildcard = narrowings.some(({ code }) => code === undefined)
  const about = wildcard ? words.narrowTypes : words.narrow
  const options = narrowings.map(
    (narrowing) => html`<option value="${narrowing.scope}">${narrowingText(narrowing, narrowings, language)}</option>`,
  )
  const lines = String(Math.min(options.length, MOST_LINES))
  return html`<details><summary>${about}</summary>
<select name="only" multiple size="${lines}" aria-label="${about}">${htmlList(options)}</select></details>
`
}

export function consentPage(
  given: Shown & {
    readonly client: Client
    readonly redirectUri: string
    readonly person: Person
    readonly patient: Patient | undefined
    readonly offered: readonly string[]
    /** Says which choices the page was made for. */
    readonly about: string
  },
): Page {
  const { language, client, patient } = given
  const words = wordsOf(language)
  const boxes = given.offered.map(
    (token) =>
      html`<label class="choice"><input type="checkbox" name="scope" value="${token}" checked> <span>${sentenceOf(token, language)} <small>${token}</small></span></label>
${narrowingList(token, language)}`,
  )
  const body = html`<dl>
<dt>${words.app}</dt><dd>${client.name}</dd>
<dt>${words.signedInAs}</dt><dd>${given.person.name}</dd>
${patient === undefined ? html`` : html`<dt>${words.patient}</dt><dd>${nameAndBirth(patient, words)}</dd>`}
<dt>${words.answerGoesTo}</dt><dd>${new URL(given.redirectUri).origin}</dd>
</dl>
${client.approval === 'trust' ? html`` : html`<p class="notice">${words.registeredByItself}</p>`}
<form method="post">
<input type="hidden" name="about" value="${given.about}">
<fieldset><legend>${words.wants}</legend>
${htmlList(boxes)}</fieldset>
${given.offered.includes('offline_access') ? html`<p class="notice">${words.offline}</p>` : html``}
<button class="main" type="submit" name="decision" value="allow">${words.allow}</button>
<button type="submit" name="decision" value="deny">${words.deny}</button>
</form>
<form method="post"><button class="link" type="submit" name="action" value="switch">${words.notYou}</button></form>`
  return formPage({ ...given, title: words.consent(client.name), body })
}
